package io.aliecs.relay.config;

import java.time.Duration;

/** Growing, jittered, capped delays between retries. Not thread-safe. */
final class Backoff {

  private final WatchTiming timing;
  private Duration next;

  Backoff(WatchTiming timing) {
    this.timing = timing;
    this.next = timing.firstRetry();
  }

  /** The delay before the next retry in ms; each is about twice the one before, up to the cap. */
  long nextMillis() {
    long delay = Math.min(timing.jittered(next), timing.longestRetry().toMillis());
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(timing.longestRetry()) < 0 ? doubled : timing.longestRetry();
    return delay;
  }

  /** It worked: the next failure starts from the shortest delay. */
  void reset() {
    next = timing.firstRetry();
  }
}
