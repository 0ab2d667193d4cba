package io.aliecs.relay.publisher;

import io.aliecs.relay.retry.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Whether it is time to try Kafka again after a failure. Settings that were not tried yet are tried
 * without delay. For one thread.
 */
final class RetryGate {
  private static final Duration FIRST = Duration.ofMillis(150);
  private static final Duration LONGEST = Duration.ofSeconds(2);
  private static final long NONE = -1;

  private final Backoff backoff = new Backoff(FIRST, LONGEST, RandomGenerator.getDefault());
  private boolean waiting;

  /** The generation of settings that was tried last. */
  private long tried = NONE;

  boolean isWaiting() {
    return waiting;
  }

  boolean mayTry(long generation) {
    return !waiting || isNew(generation);
  }

  boolean isNew(long generation) {
    return generation != tried;
  }

  /** Settings of that generation are tried. */
  void trying(long generation) {
    if (isNew(generation)) {
      tried = generation;
      backoff.reset();
    }
  }

  /** It works. */
  void proven() {
    backoff.reset();
  }

  /** It failed; returns after how many ms {@link #waited} is to be called. */
  long failed() {
    waiting = true;
    return backoff.nextMillis();
  }

  void waited() {
    waiting = false;
  }
}
