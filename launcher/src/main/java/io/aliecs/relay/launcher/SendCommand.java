package io.aliecs.relay.launcher;

import io.aliecs.relay.bus.EventSender;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.cluster.ClusteredBus;
import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.settings.SettingSources;
import io.vertx.core.Future;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
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

/** {@code relay send}: events from the command line to the host that leads. */
@Command(
    name = "send",
    description = "Sends events to the leading host and prints what became of each.",
    mixinStandardHelpOptions = true)
final class SendCommand implements Callable<Integer> {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  @Mixin SettingArguments settings = new SettingArguments();

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "Address of this machine, to which the hosts reply; its certificate must be for it"
              + " (default: ${DEFAULT-VALUE}).")
  String address = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "0",
      description = "Port there (default: ${DEFAULT-VALUE}, any free one).")
  int port;

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

  @Override
  public Integer call() throws Exception {
    SettingSources sources = settings.collect(System.getenv());
    BusOptions options = BusOptions.guest(sources, address, port);
    ClusteredBus bus = Foreground.get(ClusteredBus.join(new VertxOptions(), options), START_LIMIT);
    try {
      return sendAll(new EventSender(bus.vertx(), Duration.ofMillis(patience)));
    } finally {
      Foreground.stop(bus.vertx(), Future::succeededFuture, STOP_LIMIT);
    }
  }

  /** In their order, each when the one before is safe; one that fails ends it. */
  private int sendAll(EventSender sender) throws Exception {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    Stream<String> lines = events.isEmpty() ? input.lines() : events.stream();
    for (String line : (Iterable<String>) lines.filter(text -> !text.isBlank())::iterator) {
      TransitionReply reply =
          Foreground.get(sender.send(read(line)), Duration.ofMillis(patience).plus(START_LIMIT));
      System.out.println(reply.toJson().encode());
    }
    return 0;
  }

  private static JsonObject read(String line) {
    try {
      return new JsonObject(line);
    } catch (DecodeException e) {
      throw new IllegalArgumentException(
          "event: " + e.getMessage() + " (expected: a JSON object)", e);
    }
  }
}
