package io.aliecs.relay.host.service;

import io.aliecs.relay.host.terminal.OneLine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the process up until it is asked to end by SIGTERM or SIGINT; then stops in order and exits
 * with 0, or with 1 when the deadline passed first. A second signal ends it at once.
 */
public final class Foreground {
  private static final Logger LOG = LoggerFactory.getLogger(Foreground.class);

  private Foreground() {}

  /**
   * Waits for the end.
   *
   * @param stop drains and stops everything that runs on Vert.x
   * @param deadline how long that may take
   * @param up reports that it is up, once signals are handled: whoever waits for that may send one
   */
  public static void await(Vertx vertx, Supplier<Future<Void>> stop, Duration deadline, Runnable up)
      throws InterruptedException {
    Signals.onEnd(() -> end(vertx, stop, deadline));
    up.run();
    new CountDownLatch(1).await();
  }

  private static void end(Vertx vertx, Supplier<Future<Void>> stop, Duration deadline) {
    int code = 0;
    try {
      stop(vertx, stop, deadline);
    } catch (Exception e) {
      LOG.error("not stopped in order: {}", OneLine.of(e));
      code = 1;
    }
    // The JVM would exit with 128 + signal; being asked to end and ending is a success.
    Runtime.getRuntime().halt(code);
  }

  /** Stops everything, then Vert.x: its threads are gone afterwards, so nothing follows on them. */
  public static void stop(Vertx vertx, Supplier<Future<Void>> stop, Duration deadline)
      throws Exception {
    get(stop.get(), deadline, "stopped");
    get(vertx.close(), deadline, "stopped");
  }

  /** Blocks for what must be there before anything else can go on. */
  public static <T> T get(Future<T> future, Duration limit) throws Exception {
    return get(future, limit, "started");
  }

  private static <T> T get(Future<T> future, Duration limit, String what) throws Exception {
    try {
      return future.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "not " + what + " after " + limit.toSeconds() + " s (expected: sooner); see the log", e);
    }
  }
}
