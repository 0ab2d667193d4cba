package io.aliecs.relay.reconcile;

import java.time.Duration;

/**
 * Intervals and timeouts.
 *
 * @param again from a question without an answer to the next
 * @param deadline how long an answer may take
 * @param settle how long the event stream is given to report the same
 * @param stream how long to wait for the event stream to be read up to now
 */
record ReconcileTiming(Duration again, Duration deadline, Duration settle, Duration stream) {
  static final ReconcileTiming DEFAULT =
      new ReconcileTiming(
          Duration.ofSeconds(5),
          Duration.ofSeconds(3),
          Duration.ofMillis(500),
          Duration.ofSeconds(5));
}
