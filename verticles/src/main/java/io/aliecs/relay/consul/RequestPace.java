package io.aliecs.relay.consul;

/** A token bucket: a burst at once, then one request for each period. Not thread-safe. */
final class RequestPace {

  private final ConsulTiming timing;
  private final long periodNanos;
  private long full;

  RequestPace(ConsulTiming timing) {
    this.timing = timing;
    this.periodNanos = timing.pace().toNanos();
    this.full = timing.nanoTime().getAsLong();
  }

  /** Takes a turn; returns how long to wait before using it, in ms, 0 for not at all. */
  long takeMillis() {
    long now = timing.nanoTime().getAsLong();
    // When the bucket will be full again if this turn is taken now.
    full = (full - now > 0 ? full : now) + periodNanos;
    long ahead = full - now - timing.burst() * periodNanos;
    return ahead <= 0 ? 0 : (ahead + 999_999) / 1_000_000;
  }
}
