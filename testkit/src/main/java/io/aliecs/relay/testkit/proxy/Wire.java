package io.aliecs.relay.testkit.proxy;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a {@link TcpProxy} does to the bytes that pass it now. For the proxy's event loop only. */
final class Wire {
  /** The directions of the wire; each has the full rate. */
  enum Direction {
    TO_TARGET,
    TO_CLIENT
  }

  private static final int THROTTLED_SLICE = 4096;

  private final Vertx vertx;
  private final Map<Direction, Long> freeAt = new EnumMap<>(Direction.class);
  private long delayNanos;
  private long bytesPerSecond;
  private boolean held;

  Wire(Vertx vertx) {
    this.vertx = vertx;
    heal();
  }

  void heal() {
    delayNanos = 0;
    bytesPerSecond = Long.MAX_VALUE;
    held = false;
    freeAt.clear();
  }

  void delay(Duration oneWay) {
    delayNanos = oneWay.toNanos();
  }

  void throttle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  void hold(boolean held) {
    this.held = held;
  }

  /** Whether nothing may pass. */
  boolean isHeld() {
    return held;
  }

  /** At most so many bytes should be sent at once. */
  int slice() {
    return isThrottled() ? THROTTLED_SLICE : Integer.MAX_VALUE;
  }

  /** When {@code bytes} handed over now are through, as {@link System#nanoTime()}. */
  long arrival(Direction direction, int bytes) {
    long now = System.nanoTime();
    if (!isThrottled()) {
      return now + delayNanos;
    }
    long free = freeAt.getOrDefault(direction, now);
    long start = free - now > 0 ? free : now;
    long end = start + (long) (bytes * (double) TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
    freeAt.put(direction, end);
    return end + delayNanos;
  }

  /** Whether bytes are neither late nor slow now, nor those that were handed over earlier. */
  boolean isClear() {
    return delayNanos == 0 && !isThrottled();
  }

  /**
   * Runs {@code action} at {@code nanoTime}, or just after, unless cancelled by what it returns.
   */
  Runnable at(long nanoTime, Runnable action) {
    long nanos = nanoTime - System.nanoTime();
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos + 999_999));
    long timer = vertx.setTimer(millis, fired -> action.run());
    return () -> vertx.cancelTimer(timer);
  }

  private boolean isThrottled() {
    return bytesPerSecond != Long.MAX_VALUE;
  }
}
