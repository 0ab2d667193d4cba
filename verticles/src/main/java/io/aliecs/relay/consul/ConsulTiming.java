package io.aliecs.relay.consul;

import io.aliecs.relay.retry.Backoff;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * The paces of asking Consul, apart from how long it may hold a query.
 *
 * @param firstRetry delay before the first retry; it doubles from there
 * @param longestRetry what the doubling stops at
 * @param answer how long an answer may take that Consul can give at once
 * @param margin how long an answer may take beyond what Consul was asked to wait
 * @param look how often both keys are read, whatever the watches say, and a key that is not there
 * @param burst how many requests of one watch may follow each other at once
 * @param pace what each request beyond the burst has to wait
 * @param nanoTime a clock that never steps back, in ns
 * @param random spreads the delays, so that the control hosts do not ask in step
 */
public record ConsulTiming(
    Duration firstRetry,
    Duration longestRetry,
    Duration answer,
    Duration margin,
    Duration look,
    int burst,
    Duration pace,
    LongSupplier nanoTime,
    RandomGenerator random) {

  /**
   * The paces of production. A new value is in force within 2 s of a recovery: an answer that is on
   * its way to nowhere is given up after 1 s, and the next try is at most 0.75 s later.
   */
  public static ConsulTiming standard() {
    return new ConsulTiming(
        Duration.ofMillis(250),
        Duration.ofMillis(750),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(1),
        20,
        Duration.ofMillis(20),
        System::nanoTime,
        RandomGenerator.getDefault());
  }

  /**
   * The same, but for how long an answer is waited for.
   *
   * @param answer for somebody who asks once, from a process that has just begun
   */
  public ConsulTiming waiting(Duration answer) {
    return new ConsulTiming(
        firstRetry, longestRetry, answer, margin, look, burst, pace, nanoTime, random);
  }

  /** Delays between retries. */
  Backoff backoff() {
    return new Backoff(firstRetry, longestRetry, random);
  }

  /** The delay, give or take a quarter of it, in ms, at least 1. */
  long jittered(Duration delay) {
    return Backoff.spread(delay, random);
  }
}
