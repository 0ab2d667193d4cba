package io.aliecs.relay.config;

import io.aliecs.relay.retry.Backoff;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The paces of the watch loop, apart from how long Consul may hold a query.
 *
 * @param firstRetry delay before the first retry; it doubles from there
 * @param longestRetry what the doubling stops at
 * @param burst how many requests of one watch may follow each other at once
 * @param pace what each request beyond the burst has to wait
 * @param margin how long an answer may take beyond what Consul was asked to wait
 * @param heartbeat how often Consul is asked for its leader while all is well
 * @param probe the same while anything fails; bounds how long a recovery goes unnoticed
 * @param probeTimeout how long an answer to that may take
 * @param nanoTime a clock that never steps back, in ns
 * @param random spreads the delays, so that the control hosts do not ask in step
 */
record WatchTiming(
    Duration firstRetry,
    Duration longestRetry,
    int burst,
    Duration pace,
    Duration margin,
    Duration heartbeat,
    Duration probe,
    Duration probeTimeout,
    LongSupplier nanoTime,
    RandomGenerator random) {

  /**
   * The paces of production. Retries of the reads themselves grow to a minute, to spare a Consul in
   * trouble; the new value is still in force within 2 s of a recovery, because the probe sees it
   * after at most 0.75 s (an answer that times out) + 0.625 s (the longest jittered pause) and
   * wakes the reads.
   */
  static WatchTiming standard() {
    return new WatchTiming(
        Duration.ofMillis(250),
        Duration.ofMinutes(1),
        20,
        Duration.ofMillis(20),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofMillis(500),
        Duration.ofMillis(750),
        System::nanoTime,
        RandomGenerator.getDefault());
  }

  /** Delays between retries of the reads. */
  Backoff backoff() {
    return new Backoff(firstRetry, longestRetry, random);
  }

  /**
   * The delay before the next retry of a read, ms. A Consul that only refuses us is well, and tells
   * nobody when the rights of our token have been mended.
   */
  long beforeRetry(Backoff backoff, ConsulFailure failure) {
    long delay = backoff.nextMillis();
    return failure.reason() == ConsulFailure.Reason.FORBIDDEN
        ? Math.min(delay, jittered(heartbeat))
        : delay;
  }

  /** The delay, give or take a quarter of it, in ms, at least 1. */
  long jittered(Duration delay) {
    return Backoff.spread(delay, random);
  }
}
