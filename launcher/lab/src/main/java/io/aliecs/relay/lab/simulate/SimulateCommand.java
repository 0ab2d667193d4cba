package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.host.AddedCommand;
import io.aliecs.relay.host.Interruption;
import io.aliecs.relay.host.terminal.ProgressBar;
import io.aliecs.relay.host.terminal.Terminal;
import io.aliecs.relay.lab.ProgressLine;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code relay simulate}: see its help. */
@Command(
    name = "simulate",
    description =
        "Writes lives of environments to AliECS's topics as AliECS would; what an earlier one has"
            + " left behind ends with the start of its core.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done, interrupted, or not read any more",
      "1:Kafka was not reached or lost records",
      "2:usage"
    })
public final class SimulateCommand implements AddedCommand {
  private static final Instant RUN_NUMBER_EPOCH = Instant.parse("2026-01-01T00:00:00Z");
  private static final long LOWEST_RUN_NUMBER = 500_000;
  private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--bootstrap",
      required = true,
      paramLabel = "HOST:PORT",
      description = "Kafka brokers, separated by commas.")
  private String bootstrap = "";

  @Option(
      names = "--environments",
      paramLabel = "N",
      defaultValue = "4",
      description = "Environments that live at once (default: ${DEFAULT-VALUE}).")
  private int environments;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "2",
      description = "Transitions a second over all of them (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "0",
      description = "Ends after so many lives; 0: until interrupted (default: ${DEFAULT-VALUE}).")
  private long count;

  @Option(
      names = "--failures",
      paramLabel = "P",
      defaultValue = "0",
      description = "Probability, 0 to 1, that a transition fails (default: ${DEFAULT-VALUE}).")
  private double failures;

  @Option(
      names = "--unpublished",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Probability, 0 to 1, of an environment with kafka_enabled=false (default:"
              + " ${DEFAULT-VALUE}).")
  private double unpublished;

  @Option(
      names = "--housekeeping",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Probability, 0 to 1, of a workflow that takes no data (default: ${DEFAULT-VALUE}).")
  private double housekeeping;

  @Option(
      names = "--lost-ends",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Probability, 0 to 1, that the events of a DESTROY are lost (default: ${DEFAULT-VALUE}).")
  private double lostEnds;

  @Option(
      names = "--core-restarts",
      paramLabel = "P",
      defaultValue = "0",
      description =
          "Probability, 0 to 1, that the core crashes and restarts in place of a transition"
              + " (default: ${DEFAULT-VALUE}).")
  private double coreRestarts;

  @Option(
      names = "--start-hooks",
      paramLabel = "MS",
      defaultValue = "0",
      description = "How long the hooks of START_ACTIVITY take, in ms (default: ${DEFAULT-VALUE}).")
  private long startHooks;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "The same lives for the same seed; times are real (default: another each time).")
  private @Nullable Long seed;

  @Option(
      names = "--first-run-number",
      paramLabel = "N",
      description = "Number of the first run (default: from the seed, or from the time).")
  private @Nullable Long firstRunNumber;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      defaultValue = "1",
      description = "Partitions of the topics when missing (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    SimulationOptions options = options();
    try (Simulation simulation = Simulation.start(options);
        Interruption interruption = Interruption.whenItComes(simulation::close);
        ProgressBar bar = ProgressLine.bar(out, "lives", count, simulation::livesEnded)) {
      bar.println(
          "simulating %d environments at %s transitions/s on %s, seed %d"
              .formatted(environments, rate, bootstrap, options.seed()));
      while (!simulation.await(REPORT_INTERVAL)) {
        report(bar, simulation);
        if (out.checkError()) {
          return 0; // as with | head: nobody reads on
        }
      }
      report(bar, simulation);
      interruption.done();
      return simulation.failed() == 0 ? 0 : 1;
    } catch (IllegalStateException refused) {
      spec.commandLine().getErr().println(Terminal.fitted(String.valueOf(refused.getMessage())));
      return 1;
    }
  }

  private SimulationOptions options() {
    Instant now = Instant.now();
    long chosenSeed = seed == null ? now.toEpochMilli() : seed;
    long first =
        firstRunNumber != null
            ? firstRunNumber
            : LOWEST_RUN_NUMBER
                + (seed != null
                    ? Math.floorMod(seed, 100_000L)
                    : Duration.between(RUN_NUMBER_EPOCH, now).toSeconds());
    try {
      return new SimulationOptions(
          bootstrap,
          environments,
          rate,
          count,
          chosenSeed,
          failures,
          unpublished,
          first,
          partitions,
          new SimulationOptions.Extras(
              housekeeping, lostEnds, coreRestarts, Duration.ofMillis(startHooks)));
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), "--" + wrong.getMessage(), wrong);
    }
  }

  private static void report(ProgressBar bar, Simulation simulation) {
    bar.println(
        "%d lives ended, %d transitions, %d records written, %d lost"
            .formatted(
                simulation.livesEnded(),
                simulation.transitions(),
                simulation.acknowledged(),
                simulation.failed()));
  }
}
