package io.aliecs.relay.lab.bench;

import io.aliecs.relay.host.AddedCommand;
import io.aliecs.relay.lab.bench.delivery.DeliveryBench;
import io.aliecs.relay.lab.bench.delivery.ProfileBench;
import io.aliecs.relay.lab.bench.delivery.ScaleBench;
import io.aliecs.relay.lab.bench.delivery.SourceBench;
import io.aliecs.relay.lab.bench.delivery.StartBench;
import io.aliecs.relay.lab.bench.web.HttpBench;
import io.aliecs.relay.lab.bench.web.StreamBench;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code relay bench}: see its help, and docs/performance.md for what the figures mean. */
@Command(
    name = "bench",
    description = "Measures how fast the relay is, with real services, and keeps the figures.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:measured", "1:it could not be measured", "2:usage"})
public final class BenchCommand implements AddedCommand {
  private static final String DEFAULT = "(default: ${DEFAULT-VALUE}).";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--history",
      paramLabel = "DIR",
      defaultValue = "docs/performance",
      scope = ScopeType.INHERIT,
      description = "Where the figures are added " + DEFAULT)
  private Path history = Path.of("docs/performance");

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "missing: what to measure");
  }

  @Command(name = "client", description = "What Vert.x's Kafka client costs, beside the bare one.")
  int client(
      @Option(names = "--rounds", paramLabel = "N", defaultValue = "8", description = DEFAULT)
          int rounds)
      throws Exception {
    ClientBench.run(history, rounds);
    return 0;
  }

  @Command(name = "config", description = "From a write in Consul to settings in force.")
  int config(
      @Option(
              names = "--changes",
              paramLabel = "N",
              defaultValue = "1000",
              description = "To time, 20 a second " + DEFAULT)
          int changes,
      @Option(
              names = "--more",
              paramLabel = "N",
              defaultValue = "10000",
              description = "Changes to count leaks after " + DEFAULT)
          int more)
      throws Exception {
    ConfigBench.run(history, changes, more);
    return 0;
  }

  @Command(
      name = "delivery",
      description =
          "From accepted to readable, and changes a second, beside a bare transactional producer.")
  int delivery(
      @Option(
              names = "--thorough",
              paramLabel = "N",
              defaultValue = "1",
              description =
                  "1 for a first look, 10 for figures to keep (default: ${DEFAULT-VALUE}).")
          int thorough,
      @Option(
              names = "--hosts",
              paramLabel = "N",
              defaultValue = "1",
              description = "Control hosts, in this process " + DEFAULT)
          int hosts)
      throws Exception {
    DeliveryBench.run(history, thorough, hosts);
    return 0;
  }

  @Command(
      name = "profile",
      description = "On what the processor's time goes between a sender and Kafka.")
  int profile(
      @Option(
              names = "--changes",
              paramLabel = "N",
              defaultValue = "100000",
              description = "For each number of senders " + DEFAULT)
          int changes,
      @Option(
              names = "--hosts",
              paramLabel = "N",
              defaultValue = "1",
              description = "Control hosts, in this process " + DEFAULT)
          int hosts)
      throws Exception {
    ProfileBench.run(history, changes, hosts);
    return 0;
  }

  @Command(
      name = "start",
      description = "From AliECS's event that a run has its number to a readable announcement.")
  int start(
      @Option(
              names = "--longest",
              paramLabel = "S",
              defaultValue = "140",
              description = "Leave longer hooks out " + DEFAULT)
          int longest)
      throws Exception {
    StartBench.run(history, longest * 1_000L);
    return 0;
  }

  @Command(name = "startup", description = "How long help, a host and dev take to start.")
  int startup(
      @Option(names = "--rounds", paramLabel = "N", defaultValue = "5", description = DEFAULT)
          int rounds)
      throws Exception {
    StartupBench.run(history, rounds);
    return 0;
  }

  @Command(
      name = "source",
      description = "From AliECS's event that a state is entered to a readable message.")
  int source(
      @Option(names = "--changes", paramLabel = "N", defaultValue = "2000", description = DEFAULT)
          int changes)
      throws Exception {
    SourceBench.run(history, changes);
    return 0;
  }

  @Command(
      name = "takeover",
      description = "From the end of the leader of three hosts to its successor's first message.")
  int takeover(
      @Option(names = "--rounds", paramLabel = "N", defaultValue = "30", description = DEFAULT)
          int rounds)
      throws Exception {
    TakeOverBench.run(history, rounds);
    return 0;
  }

  @Command(
      name = "scale",
      description = "What a change costs with up to 10,000 environments and 1,000 active runs.")
  int scale(
      @Option(
              names = "--minutes",
              paramLabel = "N",
              defaultValue = "10",
              description = "With all of them " + DEFAULT)
          int minutes)
      throws Exception {
    ScaleBench.run(history, minutes);
    return 0;
  }

  @Command(name = "all", description = "Every figure that has a goal, and which goals are met.")
  int all(
      @Option(names = "--quick", description = "A look of five minutes; its figures are not kept.")
          boolean quick)
      throws Exception {
    GoalsBench.run(quick ? Files.createTempDirectory("bench") : history, quick);
    return 0;
  }

  @Command(name = "http", description = "Answers a second, beside a bare Vert.x handler.")
  int http(
      @Option(names = "--rounds", paramLabel = "N", defaultValue = "7", description = DEFAULT)
          int rounds,
      @Option(
              names = "--seconds",
              paramLabel = "S",
              defaultValue = "5",
              description = "Of each round " + DEFAULT)
          int seconds)
      throws Exception {
    HttpBench.run(history, rounds, seconds);
    return 0;
  }

  @Command(name = "stream", description = "How long a change takes to all who watch.")
  int stream(
      @Option(names = "--clients", paramLabel = "N", defaultValue = "10000", description = DEFAULT)
          int clients,
      @Option(names = "--changes", paramLabel = "N", defaultValue = "30", description = DEFAULT)
          int changes)
      throws Exception {
    StreamBench.run(history, clients, changes);
    return 0;
  }
}
