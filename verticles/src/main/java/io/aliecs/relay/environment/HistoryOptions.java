package io.aliecs.relay.environment;

import io.aliecs.relay.settings.Requirement;
import java.time.Duration;

/**
 * When an environment is taken to have ended, and how much is kept of those that have.
 *
 * @param environments the most that are kept, 0 to {@value #MOST}; the newest are
 * @param age how long after its end one is kept, more than 0
 * @param endGrace how long AliECS may take to report the end of an environment whose end is to be
 *     expected, 0 to 10 minutes
 */
public record HistoryOptions(int environments, Duration age, Duration endGrace) {
  /** All of them are in memory, on every control host. */
  public static final int MOST = 1_000;

  /** How long AliECS may take by default. */
  public static final Duration DEFAULT_END_GRACE = Duration.ofSeconds(10);

  private static final Duration LONGEST_END_GRACE = Duration.ofMinutes(10);

  public HistoryOptions {
    Requirement.that(
        environments >= 0 && environments <= MOST,
        "history.environments",
        environments,
        "0 to " + MOST);
    Requirement.that(age.toMillis() > 0, "history.age", age.toMillis() + " ms", "above 0");
    Requirement.that(
        !endGrace.isNegative() && endGrace.compareTo(LONGEST_END_GRACE) <= 0,
        "history.end-grace",
        endGrace.toMillis() + " ms",
        "0 ms to " + LONGEST_END_GRACE.toMillis() + " ms");
  }
}
