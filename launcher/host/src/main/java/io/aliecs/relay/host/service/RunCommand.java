package io.aliecs.relay.host.service;

import io.aliecs.relay.host.settings.RelaySettings;
import io.aliecs.relay.host.settings.SettingArguments;
import io.aliecs.relay.host.terminal.OneLine;
import io.aliecs.relay.publisher.session.StandBySession;
import io.aliecs.relay.web.WebOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code relay run}: one production host against a given Consul and Kafka. */
@Command(
    name = "run",
    description = "Runs one control host against the given Consul and Kafka.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:stopped in order", "1:not started, or not stopped in order", "2:usage"})
public final class RunCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  @Mixin SettingArguments arguments = new SettingArguments();

  @Option(
      names = "--until-started",
      hidden = true,
      description =
          "Ends in order once all listens: this is how relay-archive has the classes loaded.")
  boolean untilStarted;

  @Override
  public Integer call() throws Exception {
    Map<String, String> environment = System.getenv();
    RelaySettings settings = RelaySettings.of(arguments.collect(environment), environment);
    if (settings.jsonLog()) {
      JsonLog.begin();
    }
    Vertx vertx = Vertx.vertx();
    try {
      Relay relay = Foreground.get(Relay.start(vertx, settings), START_LIMIT);
      WebOptions web = relay.listening();
      String started =
          "started http=http://"
              + web.host()
              + ":"
              + web.port()
              + " management=http://"
              + web.managementHost()
              + ":"
              + web.managementPort();
      if (untilStarted) {
        System.out.println(started);
        StandBySession.rehearse(settings.publisher());
        Foreground.stop(vertx, relay::stop, STOP_LIMIT);
        return 0;
      }
      ServiceManager systemd = new ServiceManager(vertx, environment);
      Foreground.await(
          vertx,
          () -> systemd.stopping().compose(said -> relay.stop()),
          STOP_LIMIT,
          () -> {
            System.out.println(started);
            systemd.ready(relay::alive);
          });
      return 0;
    } catch (Exception e) {
      Foreground.stop(vertx, Future::succeededFuture, STOP_LIMIT);
      if (!settings.jsonLog()) {
        throw e;
      }
      LOG.error("not started: {}", OneLine.of(e)); // what reads the log takes no other line
      return 1;
    }
  }
}
