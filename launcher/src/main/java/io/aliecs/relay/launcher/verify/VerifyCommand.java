package io.aliecs.relay.launcher.verify;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code relay verify}: see its help. */
@Command(
    name = "verify",
    description =
        "Breaks things under a relay with a real Kafka and proves that delivery stays exact.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:delivery was exact", "1:it was not, or nothing was proved", "2:usage"})
public final class VerifyCommand implements Callable<Integer> {
  private static final int EXAMPLES = 5;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--fault",
      paramLabel = "NAME",
      defaultValue = "kill-relay",
      completionCandidates = FaultNames.class,
      description = "What breaks: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private String fault = "kill-relay";

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

  /** The names of all faults, for the help. */
  static final class FaultNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(Fault.values()).map(Fault::toString).iterator();
    }
  }

  @Override
  public Integer call() throws Exception {
    if (spec == null) {
      throw new IllegalStateException("no command line (expected: run by picocli)");
    }
    PrintWriter out = spec.commandLine().getOut();
    VerifyOptions options = options(spec);
    out.println("seed " + options.seed() + ", data in " + options.data());
    out.flush();
    Verdict verdict = Verification.run(options, line -> println(out, line));
    List<Finding> examples = verdict.report().examples(EXAMPLES);
    examples.forEach(finding -> println(out, finding.toString()));
    verdict.mishaps().forEach(mishap -> println(out, mishap));
    println(out, Verdict.HEADER);
    println(out, verdict.line());
    if (verdict.isClean()) {
      Folders.delete(options.data());
      return 0;
    }
    println(out, "not exact: " + verdict.report().byEnvironment() + "; see " + options.data());
    return 1;
  }

  private VerifyOptions options(CommandSpec commandLine) {
    try {
      Fault named =
          Arrays.stream(Fault.values())
              .filter(one -> one.toString().equals(fault))
              .findFirst()
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "fault: "
                              + fault
                              + " (expected: one of "
                              + List.of(Fault.values())
                              + ")"));
      long now = Instant.now().toEpochMilli();
      Path folder = data.toAbsolutePath().resolve(named + "-" + now);
      return new VerifyOptions(
          named,
          hosts == null ? named.hosts() : hosts,
          rounds,
          duration,
          rate,
          environments,
          seed == null ? now : seed,
          folder,
          settings);
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(
          commandLine.commandLine(), "relay verify: --" + wrong.getMessage(), wrong);
    }
  }

  private static void println(PrintWriter out, String line) {
    out.println(line);
    out.flush();
  }
}
