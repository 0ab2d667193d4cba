package io.aliecs.relay.host.check;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How long ago something was, for people. Pure. */
final class Age {
  private Age() {}

  /** For example {@code 5 min}. */
  static String of(Duration age) {
    if (age.toMinutes() < 2) {
      return Math.max(0, age.toSeconds()) + " s";
    }
    if (age.toHours() < 2) {
      return age.toMinutes() + " min";
    }
    return age.toDays() < 2 ? age.toHours() + " h" : age.toDays() + " d";
  }

  /**
   * For example {@code 5 min ago, 2026-05-04T10:00:00Z}.
   *
   * @param then ms since epoch
   */
  static String since(long then, Instant now) {
    Instant at = Instant.ofEpochMilli(then);
    return of(Duration.between(at, now)) + " ago, " + at.truncatedTo(ChronoUnit.SECONDS);
  }
}
