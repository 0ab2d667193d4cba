package io.aliecs.relay.retry;

import io.aliecs.relay.text.LogFields;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Warns at most so often that a flood of bad records cannot fill the disk, and reports how many
 * warnings it kept back. Not thread safe.
 */
public final class RateLimitedLog {
  private static final int PER_WINDOW = 10;
  private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Logger log;
  private final LongSupplier nanoTime;
  private long windowStart;
  private int inWindow;
  private long keptBack;

  public RateLimitedLog(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
    this.windowStart = nanoTime.getAsLong();
  }

  /** Warns, unless there have been many lately. */
  public void warn(Supplier<String> message) {
    if (isAllowed()) {
      log.warn("{}", text(message));
    }
  }

  /** Warns likewise of one environment, and of its run if there is one. */
  public void warn(String environmentId, @Nullable Long run, Supplier<String> message) {
    if (isAllowed()) {
      LogFields.about(log.atWarn(), environmentId, run).log("{}", text(message));
    }
  }

  /** Logs an error with its stack trace, unless there have been many lately. */
  public void error(Supplier<String> message, @Nullable Throwable failure) {
    if (isAllowed()) {
      log.error("{}", text(message), failure);
    }
  }

  private boolean isAllowed() {
    long now = nanoTime.getAsLong();
    if (now - windowStart >= WINDOW_NANOS) {
      windowStart = now;
      inWindow = 0;
    }
    if (inWindow >= PER_WINDOW) {
      keptBack++;
      return false;
    }
    inWindow++;
    return true;
  }

  private String text(Supplier<String> message) {
    String text = message.get();
    if (keptBack > 0) {
      text += " (" + keptBack + " warnings before were kept back)";
      keptBack = 0;
    }
    return text;
  }
}
