package io.aliecs.relay.lab.verify;

import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.verify.check.CheckResult;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.plan.Fault;
import java.util.List;
import java.util.Locale;

/**
 * The outcome of a verification.
 *
 * @param rounds how often the fault was injected
 * @param recoveries how long each took from the repair to the first new message that a {@code
 *     read_committed} reader got, in ms
 * @param mishaps what went wrong besides the messages
 */
record FaultResult(
    Fault fault, int rounds, CheckResult report, List<Long> recoveries, List<String> mishaps) {
  static final String HEADER =
      "| fault | rounds | expected | read | resent | lost | doubled | reordered | invented | ghosts | lists"
          + " | repeated (uncommitted) | other | recovery p50 / p99 / max |\n"
          + "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|";

  FaultResult {
    recoveries = List.copyOf(recoveries);
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

  /** How long recoveries took, s. */
  Samples times() {
    Samples times = new Samples();
    recoveries.forEach(ms -> times.add(ms / 1e3));
    return times;
  }

  private String recovery() {
    Samples times = times();
    return recoveries.isEmpty()
        ? "-"
        : String.format(
            Locale.ROOT,
            "%.2f s / %.2f s / %.2f s",
            times.quantile(0.5),
            times.quantile(0.99),
            times.quantile(1));
  }
}
