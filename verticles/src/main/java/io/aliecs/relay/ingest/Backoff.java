package io.aliecs.relay.ingest;

import java.util.concurrent.ThreadLocalRandom;

/** Growing, jittered, capped delays between retries. Not thread safe. */
final class Backoff {
  private static final long FIRST_MS = 100;
  private static final long LONGEST_MS = 5_000;

  private long next = FIRST_MS;

  /** The delay before the next retry, ms. */
  long nextMillis() {
    long delay = ThreadLocalRandom.current().nextLong(next / 2, next + 1);
    next = Math.min(next * 2, LONGEST_MS);
    return delay;
  }

  /** It worked: the next failure starts from the shortest delay. */
  void reset() {
    next = FIRST_MS;
  }
}
