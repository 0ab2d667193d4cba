package io.aliecs.relay.host.terminal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How long something takes or has taken, for people. Pure. */
public final class DurationText {
  private static final long HOURS_OF_DAYS = 48;

  private DurationText() {}

  /**
   * For example {@code 2 h 05 min}: seconds only in the first hour, hours for two days.
   *
   * @param ms taken as 0 where it is less
   */
  public static String of(long ms) {
    long seconds = Math.max(0, ms / 1_000);
    long minutes = seconds / 60;
    long hours = minutes / 60;
    if (minutes == 0) {
      return seconds + " s";
    }
    if (hours == 0) {
      return String.format("%d min %02d s", minutes, seconds % 60);
    }
    if (hours < HOURS_OF_DAYS) {
      return String.format("%d h %02d min", hours, minutes % 60);
    }
    String days = hours / 24 + " d";
    return hours % 24 == 0 ? days : days + String.format(" %02d h", hours % 24);
  }

  /**
   * For example {@code 5 min 00 s ago, 2026-05-04T10:00:00Z}.
   *
   * @param then ms since epoch
   */
  public static String since(long then, Instant now) {
    Instant at = Instant.ofEpochMilli(then);
    return of(now.toEpochMilli() - then) + " ago, " + at.truncatedTo(ChronoUnit.SECONDS);
  }
}
