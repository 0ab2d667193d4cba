package io.aliecs.relay.launcher;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relay send}: events from the command line to any host. */
@Command(
    name = "send",
    description = "Sends events to a host, one after the other, and prints what became of each.",
    mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
  private static final String TRANSITIONS = "/api/v1/transitions";
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(40);
  private static final long PAUSE_MS = 500;

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "HTTP interface of any host (default: ${DEFAULT-VALUE}).")
  String url = "";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "The file of http.token-file on that host.")
  @Nullable Path tokenFile;

  @Option(
      names = "--patience",
      paramLabel = "MS",
      defaultValue = "30000",
      description = "How long an event is repeated before giving up (default: ${DEFAULT-VALUE}).")
  long patience;

  @Parameters(
      paramLabel = "EVENT",
      description = "JSON, see docs/messages.md; without any, one a line from standard input.")
  List<String> events = new ArrayList<>();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();

  /** In their order, each when the one before is safe; one that fails ends it. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    RelayAddress relay = new RelayAddress(url);
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    Stream<String> lines = events.isEmpty() ? input.lines() : events.stream();
    for (String line : (Iterable<String>) lines.filter(text -> !text.isBlank())::iterator) {
      System.out.println(TerminalText.plain(send(relay, line).encode()));
    }
    return 0;
  }

  /** Again and again until it is safe: with its id it is applied once. */
  private JsonObject send(RelayAddress relay, String event)
      throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + Duration.ofMillis(patience).toNanos();
    while (true) {
      boolean mayRepeat = System.nanoTime() - giveUp < 0;
      try {
        HttpResponse<String> answer = client.send(request(relay, event), BodyHandlers.ofString());
        JsonObject json = read(relay, answer);
        if (answer.statusCode() == 200) {
          return json;
        }
        if (answer.statusCode() != 503 || !mayRepeat) {
          throw new IllegalStateException(json.getString("detail", "" + answer.statusCode()));
        }
      } catch (IOException e) {
        if (!mayRepeat) {
          throw relay.unreachable(e);
        }
      }
      Thread.sleep(PAUSE_MS);
    }
  }

  private HttpRequest request(RelayAddress relay, String event) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(relay.uri(TRANSITIONS))
            .timeout(ANSWER)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(event));
    if (tokenFile != null) {
      request.header("Authorization", "Bearer " + Files.readString(tokenFile).strip());
    }
    return request.build();
  }

  private static JsonObject read(RelayAddress relay, HttpResponse<String> answer) {
    try {
      return new JsonObject(answer.body());
    } catch (DecodeException e) {
      throw new IllegalStateException(relay.stranger(answer.statusCode(), e).getMessage(), e);
    }
  }
}
