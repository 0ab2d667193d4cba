package io.aliecs.relay.host.tail;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.function.Function;

/**
 * From where topics are read.
 *
 * @param kind how it is found
 * @param time of the first records, ms since epoch; only with {@link Kind#TIME}
 */
public record StartingPoint(Kind kind, long time) {
  /** What it is. */
  public enum Kind {
    BEGINNING,
    TIME,
    NOW
  }

  /** All that is there. */
  public static final StartingPoint BEGINNING = new StartingPoint(Kind.BEGINNING, 0);

  /** What comes from now on. */
  public static final StartingPoint NOW = new StartingPoint(Kind.NOW, 0);

  /** What was written then or later, ms since epoch. */
  public static StartingPoint since(long time) {
    return new StartingPoint(Kind.TIME, time);
  }

  /**
   * Reads how long ago ({@code 10m}), or a time as in ISO 8601; one without a zone is in {@code
   * zone}.
   *
   * @return ms since epoch
   * @throws IllegalArgumentException saying what was found and what is expected
   */
  public static long time(String text, Instant now, ZoneId zone) {
    List<Function<String, Instant>> forms =
        List.of(
            ago -> now.minus(duration(ago)),
            Instant::parse,
            time -> OffsetDateTime.parse(time).toInstant(),
            time -> LocalDateTime.parse(time).atZone(zone).toInstant(),
            day -> LocalDate.parse(day).atStartOfDay(zone).toInstant());
    for (Function<String, Instant> form : forms) {
      try {
        return form.apply(text).toEpochMilli();
      } catch (DateTimeException | NumberFormatException | ArithmeticException other) {
        // Perhaps it has the next form.
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' (expected: how long ago, such as 10m or 2h, or a time such as"
            + " 2026-11-29T08:30:00Z or 2026-11-29)");
  }

  private static Duration duration(String text) {
    return TailCommand.DurationConverter.parse(text);
  }
}
