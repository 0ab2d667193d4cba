package io.aliecs.relay.settings;

import java.time.Duration;

/**
 * How much is kept of environments that have ended.
 *
 * @param environments the most that are kept, 0 to {@value #MOST}; the newest are
 * @param age how long after its end one is kept, more than 0
 */
public record HistoryOptions(int environments, Duration age) {
  /** All of them are in memory, on every control host. */
  public static final int MOST = 1_000;

  public HistoryOptions {
    Requirement.that(
        environments >= 0 && environments <= MOST,
        "history.environments",
        environments,
        "0 to " + MOST);
    Requirement.that(age.toMillis() > 0, "history.age", age.toMillis() + " ms", "above 0");
  }
}
