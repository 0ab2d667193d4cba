package io.aliecs.relay.host.check;

import io.aliecs.relay.host.check.station.SettingsStation;
import io.aliecs.relay.host.settings.SettingArguments;
import io.aliecs.relay.host.terminal.TerminalText;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code relay check}: see its help. */
@Command(
    name = "check",
    description = {
      "Looks at all that this host needs, and says what to change: settings, Consul, brokers,"
          + " rights, topics, AliECS's stream and core, the other hosts, the relay that runs here.",
      "Changes nothing; ends within 15 s."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:all is ok, or there are warnings only", "1:something failed", "2:usage"})
public final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private final SettingArguments arguments = new SettingArguments();

  @Option(names = "--json", description = "One JSON object with all findings, on one line.")
  private boolean json;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment = System.getenv();
    Report report = new Report(spec.commandLine().getOut(), json, TerminalText.isColoured());
    SettingsStation own = SettingsStation.look(() -> arguments.collect(environment), environment);
    report.add(own.findings());
    if (own.settings().isEmpty()) {
      report.add(Chain.skipped());
    } else {
      silenceLog(environment);
      Vertx vertx = Vertx.vertx();
      try (Chain chain = new Chain(vertx)) {
        chain.look(own.settings().get(), report::add);
      } finally {
        vertx.close();
      }
    }
    report.end();
    return report.hasFailed() ? 1 : 0;
  }

  /** What clients log of failures, the findings say better. */
  private static void silenceLog(Map<String, String> environment) {
    if (!environment.containsKey("RELAY_LOG")
        && LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)
            instanceof ch.qos.logback.classic.Logger root) {
      root.detachAndStopAllAppenders();
    }
  }
}
