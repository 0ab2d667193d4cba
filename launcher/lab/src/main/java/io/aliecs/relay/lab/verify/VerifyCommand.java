package io.aliecs.relay.lab.verify;

import io.aliecs.relay.host.AddedCommand;
import io.aliecs.relay.host.terminal.ProgressBar;
import io.aliecs.relay.lab.ProgressLine;
import io.aliecs.relay.lab.verify.hosts.Namespaces;
import io.aliecs.relay.lab.verify.hosts.OlderRelay;
import io.aliecs.relay.lab.verify.hosts.SteppedClock;
import io.aliecs.relay.lab.verify.plan.Fault;
import io.aliecs.relay.lab.verify.plan.VerifyOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code relay verify}: see its help. */
@Command(
    name = "verify",
    description =
        "Breaks things under a relay with a real Kafka and proves that delivery stays exact.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:delivery was exact", "1:it was not, or nothing was proved", "2:usage"})
public final class VerifyCommand implements AddedCommand {
  private static final int EXAMPLES = 5;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--fault",
      paramLabel = "NAME",
      defaultValue = "kill-relay",
      converter = FaultByName.class,
      description = "What breaks: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Fault fault = Fault.KILL_RELAY;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      description = "Control hosts (default: as many as the fault takes, 1 or 3).")
  private @Nullable Integer hosts;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "10",
      description = "How often (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--duration",
      paramLabel = "S",
      defaultValue = "3",
      description = "Seconds of load before each fault, at most (default: ${DEFAULT-VALUE}).")
  private double duration;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "50",
      description = "Transitions a second (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--environments",
      paramLabel = "N",
      defaultValue = "20",
      description = "Environments that live at once (default: ${DEFAULT-VALUE}).")
  private int environments;

  @Option(
      names = "--outage",
      paramLabel = "S",
      defaultValue = "20",
      description = "Seconds that Kafka is away with the fault outage (default: ${DEFAULT-VALUE}).")
  private double outage;

  @Option(
      names = "--stream-apart",
      description = "AliECS's stream in a Kafka of its own that stays whole; always with outage.")
  private boolean streamApart;

  @Option(
      names = "--all",
      description =
          "Every fault, one after the other, in one table; kill-leader for three times the rounds,"
              + " what takes long for a third.")
  private boolean all;

  @Option(names = "--cluster", description = "The same of all faults with several hosts.")
  private boolean cluster;

  @Option(
      names = "--from",
      paramLabel = "DIR|COMMIT",
      defaultValue = OlderRelay.PREVIOUS,
      description =
          "What hosts run before rolling-upgrade: an unpacked relay or a commit (default: the"
              + " newest tag, else the commit before).")
  private String from = OlderRelay.PREVIOUS;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "What happens and when it breaks (default: another each time).")
  private @Nullable Long seed;

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      description = "A setting of every control host. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/verify",
      description = "Folder; what led to findings is kept there (default: ${DEFAULT-VALUE}).")
  private Path data = Path.of("data/verify");

  /** Faults as {@link Fault#toString} has them. */
  static final class FaultByName implements ITypeConverter<Fault> {
    @Override
    public Fault convert(String name) {
      return Arrays.stream(Fault.values())
          .filter(fault -> fault.toString().equals(name))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      name + " (expected: one of " + List.of(Fault.values()) + ")"));
    }
  }

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    List<VerifyOptions> planned = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (Fault one : faults()) {
      if (several() && one == Fault.STEP_CLOCK && SteppedClock.library().isEmpty()) {
        lines.add(
            "| " + one + " | left out: no libfaketime (Debian: apt-get install libfaketime) |");
      } else {
        planned.add(options(one));
      }
    }
    if (Namespaces.isInside()) {
      Namespaces.prepare();
    } else if (planned.stream().anyMatch(options -> options.fault().isSplit())) {
      return Namespaces.run(spec.commandLine().getParent().getParseResult().originalArgs());
    }
    boolean exact = true;
    AtomicLong rounds = new AtomicLong();
    long all = planned.stream().mapToLong(VerifyOptions::rounds).sum();
    try (ProgressBar bar = ProgressLine.bar(out, "rounds", all, rounds::get)) {
      for (VerifyOptions options : planned) {
        exact &= verify(options, bar, rounds::incrementAndGet, lines);
      }
      bar.println(FaultResult.HEADER);
      lines.forEach(bar::println);
    }
    return exact ? 0 : 1;
  }

  /** Verifies under one fault; whether it was exact. One that cannot be judged is not. */
  private boolean verify(
      VerifyOptions options, ProgressBar bar, Runnable roundDone, List<String> lines)
      throws Exception {
    bar.println(options.fault() + ": seed " + options.seed() + ", data in " + options.data());
    FaultResult verdict;
    try {
      verdict = Verification.run(options, bar::println, roundDone);
    } catch (IllegalStateException | TimeoutException | IOException unproved) {
      if (!several()) {
        throw unproved;
      }
      bar.println(options.fault() + ": " + unproved.getMessage());
      lines.add("| " + options.fault() + " | nothing was proved: " + unproved.getMessage() + " |");
      return false;
    }
    verdict.report().examples(EXAMPLES).forEach(finding -> bar.println(finding.toString()));
    verdict.mishaps().forEach(mishap -> bar.println(mishap));
    lines.add(verdict.line());
    if (several()) {
      bar.println(verdict.line());
    }
    if (verdict.isClean()) {
      Utils.delete(options.data().toFile());
      return true;
    }
    bar.println("not exact: " + verdict.report().byEnvironment() + "; see " + options.data());
    return false;
  }

  private boolean several() {
    return all || cluster;
  }

  private List<Fault> faults() {
    if (!several()) {
      return List.of(fault);
    }
    return Arrays.stream(Fault.values()).filter(one -> all || one.hosts() > 1).toList();
  }

  /** Of all faults, each gets at least what it takes. */
  private int hosts(Fault named) {
    if (hosts == null) {
      return named.hosts();
    }
    return several() ? Math.max(hosts, named.hosts()) : hosts;
  }

  private VerifyOptions options(Fault named) throws IOException, InterruptedException {
    try {
      long now = Instant.now().toEpochMilli();
      Path folder = data.toAbsolutePath().resolve(named + "-" + now);
      return new VerifyOptions(
          named,
          hosts(named),
          several() ? named.share(rounds) : rounds,
          duration,
          rate,
          environments,
          outage,
          streamApart || named == Fault.OUTAGE,
          named == Fault.ROLLING_UPGRADE ? Optional.of(OlderRelay.lib(from)) : Optional.empty(),
          seed == null ? now : seed,
          folder,
          settings);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(
          spec.commandLine(), "relay verify: --" + wrong.getMessage(), wrong);
    }
  }
}
