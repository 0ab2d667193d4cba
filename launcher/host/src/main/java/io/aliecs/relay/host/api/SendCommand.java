package io.aliecs.relay.host.api;

import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.host.terminal.TerminalText;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code relay send}: events from the command line to any host. */
@Command(
    name = "send",
    description = "Sends events to a host, one after the other, and prints what became of each.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all are safe",
      "1:one was not taken; those behind it were not sent",
      "2:usage"
    })
public final class SendCommand implements Callable<Integer> {
  private static final String TRANSITIONS = "/api/v1/transitions";
  private static final Duration ANSWER = Duration.ofSeconds(40);
  private static final long PAUSE_MS = 500;

  @Mixin ChangeOptions options = new ChangeOptions();

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

  /** In their order, each when the one before is safe; one that fails ends it. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    RelayApi relay = options.api(ANSWER);
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    Stream<String> lines = events.isEmpty() ? input.lines() : events.stream();
    for (String line : (Iterable<String>) lines.filter(text -> !text.isBlank())::iterator) {
      System.out.println(Terminal.fitted(TerminalText.plain(send(relay, line).encode())));
    }
    return 0;
  }

  /** Again and again until it is safe: with its id it is applied once. */
  private JsonObject send(RelayApi relay, String event) throws IOException, InterruptedException {
    long giveUp = System.nanoTime() + Duration.ofMillis(patience).toNanos();
    while (true) {
      try {
        return relay.post(TRANSITIONS, event);
      } catch (RelayApi.UnavailableException e) {
        if (System.nanoTime() - giveUp >= 0) {
          throw e;
        }
      }
      Thread.sleep(PAUSE_MS);
    }
  }
}
