package io.aliecs.relay.launcher.runs;

import io.aliecs.relay.launcher.RelayAddress;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.stream.Stream;

/** The part of a relay's HTTP interface that tells the active runs. Every method blocks. */
final class RunsApi {
  private static final String RUNS = "/api/v1/runs";
  private static final String STREAM = "/api/v1/runs/stream";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final RelayAddress relay;

  /**
   * The interface of a relay.
   *
   * @param base for example {@code http://127.0.0.1:8080}
   */
  RunsApi(String base) {
    this.relay = new RelayAddress(base);
  }

  /**
   * The active runs as they are now.
   *
   * @throws IOException when there is no relay at that address, or it cannot answer yet; the
   *     message says which
   */
  JsonObject runs() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(relay.uri(RUNS)).timeout(TIMEOUT).build();
    HttpResponse<String> answer;
    try {
      answer = client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw relay.unreachable(e);
    }
    try {
      JsonObject json = new JsonObject(answer.body());
      if (answer.statusCode() == 200 && json.containsKey("runs")) {
        return json;
      }
      throw relay.refusal(answer.statusCode(), json.getString("detail", ""));
    } catch (DecodeException e) {
      throw relay.stranger(answer.statusCode(), e);
    }
  }

  /**
   * The lines of the live stream, until it ends; close it.
   *
   * @throws IOException when it cannot be opened
   */
  Stream<String> stream() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(relay.uri(STREAM)).timeout(TIMEOUT).build();
    try {
      HttpResponse<Stream<String>> answer = client.send(request, BodyHandlers.ofLines());
      if (answer.statusCode() != 200) {
        answer.body().close();
        throw new IOException("status " + answer.statusCode());
      }
      return answer.body();
    } catch (IOException e) {
      throw relay.unreachable(e);
    }
  }
}
