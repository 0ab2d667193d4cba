package io.aliecs.relay.publisher.records;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * An amount of time that begins at a moment and is over after it. Knows no calendar: clocks step.
 * For one thread.
 */
public final class Deadline {
  private final LongSupplier nanoTime;
  private final Duration length;
  private boolean begun;
  private long since;

  /**
   * One that has not begun.
   *
   * @param nanoTime a clock that only goes forward, ns
   */
  public Deadline(LongSupplier nanoTime, Duration length) {
    this.nanoTime = nanoTime;
    this.length = length;
  }

  /** Begins now, once more when it had begun. */
  public void begin() {
    begun = true;
    since = nanoTime.getAsLong();
  }

  /** Begins now unless it has begun. */
  public void beginOnce() {
    if (!begun) {
      begin();
    }
  }

  /** As if it had never begun. */
  public void reset() {
    begun = false;
  }

  /** Whether what it spaces out may be done: for the first time, or again. */
  public boolean isOverOrNotBegun() {
    return !begun || isOver();
  }

  /** Whether it has begun and is over. */
  public boolean isOver() {
    return begun && nanoTime.getAsLong() - since >= length.toNanos();
  }
}
