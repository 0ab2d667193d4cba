package io.aliecs.relay.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Growing, spread, capped delays between retries: each is about twice the one before, give or take
 * a quarter. Not thread-safe.
 */
public final class Backoff {
  private static final double LEAST = 0.75;
  private static final double MOST = 1.25;

  private final Duration first;
  private final Duration longest;
  private final RandomGenerator random;
  private Duration next;

  /**
   * Begins with the shortest delay.
   *
   * @param first the shortest delay, more than 0
   * @param longest the longest delay, not spread beyond
   */
  public Backoff(Duration first, Duration longest, RandomGenerator random) {
    if (first.isNegative() || first.isZero() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "delays: " + first + " to " + longest + " (expected: more than 0, ascending)");
    }
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.next = first;
  }

  /** The delay before the next retry in ms, at least 1. */
  public long nextMillis() {
    long delay = Math.min(spread(next, random), longest.toMillis());
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) < 0 ? doubled : longest;
    return delay;
  }

  /** It worked: the next failure starts from the shortest delay. */
  public void reset() {
    next = first;
  }

  /** A delay, give or take a quarter of it, in ms, at least 1. */
  public static long spread(Duration delay, RandomGenerator random) {
    return Math.max(1, Math.round(delay.toMillis() * random.nextDouble(LEAST, MOST)));
  }
}
