package io.aliecs.relay.ingest;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;

/**
 * Warns at most so often that a flood of bad records cannot fill the disk, and says how many
 * warnings it kept back. Not thread safe.
 */
final class RateLimitedLog {
  private static final int PER_WINDOW = 10;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final LongSupplier nanoTime;
  private long windowStart;
  private int inWindow;
  private long keptBack;

  RateLimitedLog(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.windowStart = nanoTime.getAsLong();
  }

  void warn(Supplier<String> message) {
    long now = nanoTime.getAsLong();
    if (now - windowStart >= WINDOW_NANOS) {
      windowStart = now;
      inWindow = 0;
    }
    if (inWindow >= PER_WINDOW) {
      keptBack++;
      return;
    }
    inWindow++;
    if (keptBack > 0) {
      log.warn("{} ({} warnings before were kept back)", message.get(), keptBack);
      keptBack = 0;
    } else {
      log.warn("{}", message.get());
    }
  }
}
