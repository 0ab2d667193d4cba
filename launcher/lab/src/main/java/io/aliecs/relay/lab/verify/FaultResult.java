package io.aliecs.relay.lab.verify;

import io.aliecs.relay.lab.verify.check.CheckResult;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.plan.Fault;
import java.util.List;
import java.util.Locale;

/**
 * The outcome of a verification.
 *
 * @param rounds how often the fault was injected
 * @param recoveries how long each took from mending to the first new message that a {@code
 *     read_committed} reader got, in ms, ascending
 * @param mishaps what went wrong besides the messages
 */
record FaultResult(
    Fault fault, int rounds, CheckResult report, List<Long> recoveries, List<String> mishaps) {
  static final String HEADER =
      "| fault | rounds | expected | read | resent | lost | doubled | reordered | invented | ghosts | lists"
          + " | repeated (uncommitted) | other | recovery p50 / p99 / max |\n"
          + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

  FaultResult {
    recoveries = recoveries.stream().sorted().toList();
    mishaps = List.copyOf(mishaps);
  }

  boolean isClean() {
    return report.isClean() && mishaps.isEmpty();
  }

  /** A line under {@link #HEADER}. */
  String line() {
    return String.format(
        Locale.ROOT,
        "| %s | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %d | %s |",
        fault,
        rounds,
        report.expected(),
        report.read(),
        report.resent(),
        report.count(Kind.LOST),
        report.count(Kind.DOUBLED),
        report.count(Kind.REORDERED),
        report.count(Kind.INVENTED),
        report.count(Kind.GHOST),
        report.count(Kind.LIST),
        report.repeated(),
        mishaps.size(),
        recovery());
  }

  private String recovery() {
    return recoveries.isEmpty()
        ? "-"
        : String.format(
            Locale.ROOT,
            "%.2f s / %.2f s / %.2f s",
            recoveries.get(recoveries.size() / 2) / 1_000.0,
            recoveries.get((recoveries.size() * 99 + 99) / 100 - 1) / 1_000.0,
            recoveries.get(recoveries.size() - 1) / 1_000.0);
  }
}
