package io.aliecs.relay.launcher;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Keeps the process up until it is told to end by SIGTERM or SIGINT; then stops in order and exits
 * with 0, or with 1 when the deadline passed first.
 */
final class Foreground {
  private Foreground() {}

  /**
   * Waits for the end.
   *
   * @param stop drains and stops everything
   * @param deadline how long that may take
   */
  static void await(Supplier<Future<Void>> stop, Duration deadline) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(stop, deadline), "relay-shutdown"));
    new CountDownLatch(1).await();
  }

  private static void end(Supplier<Future<Void>> stop, Duration deadline) {
    int code = 0;
    try {
      stop.get()
          .toCompletionStage()
          .toCompletableFuture()
          .get(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | InterruptedException e) {
      System.err.println("relay: not stopped in order: " + OneLine.of(e));
      code = 1;
    }
    // The JVM would exit with 128 + signal; being told to end and ending is a success.
    Runtime.getRuntime().halt(code);
  }

  /** Blocks for what must be there before anything else can go on. */
  static <T> T get(Future<T> future, Duration limit) throws Exception {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "not started after " + limit.toSeconds() + " s (expected: sooner); see the log", e);
    }
  }
}
