package io.aliecs.relay.lab;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a moment, or for what others do. */
public final class Await {
  private static final long POLL_MS = 5;

  private Await() {}

  /** Waits until it is so; false when it is not in time. */
  public static boolean until(Duration limit, BooleanSupplier reached) throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    return true;
  }

  /** The same for what must be reached to go on. */
  public static void need(Duration limit, String what, BooleanSupplier reached)
      throws InterruptedException {
    if (!until(limit, reached)) {
      throw new IllegalStateException(
          what + ": not after " + limit.toSeconds() + " s (expected: sooner)");
    }
  }

  /** Waits for a value of {@link System#nanoTime}, to a fraction of a millisecond. */
  public static void moment(long nanos) {
    for (long left = nanos - System.nanoTime(); left > 0; left = nanos - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
