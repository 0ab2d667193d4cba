package io.aliecs.relay.consul;

import io.aliecs.relay.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks Consul again and again: after an answer when that says so, after a failure with growing
 * jittered delays. Use from one Vert.x context.
 */
final class RequestLoop {

  private final Vertx vertx;
  private final ConsulAccess consul;
  private final Supplier<Future<Long>> round;
  private final Consumer<ConsulException> onFailure;
  private final Backoff backoff = backoff();

  private boolean busy;
  private boolean again;
  private boolean closed;
  private @Nullable Long timer;

  /**
   * A loop that begins with its first request.
   *
   * @param consul for this loop alone; closed with it
   * @param round asks once; completes with the delay before the next round in ms
   */
  RequestLoop(
      Vertx vertx,
      ConsulAccess consul,
      Supplier<Future<Long>> round,
      Consumer<ConsulException> onFailure) {
    this.vertx = vertx;
    this.consul = consul;
    this.round = round;
    this.onFailure = onFailure;
  }

  /**
   * A new value is in force within 2 s of a recovery: an answer that is on its way to nowhere is
   * given up after {@link PairReader#ANSWER}, and the next try is at most 0.75 s later.
   */
  static Backoff backoff() {
    return new Backoff(
        Duration.ofMillis(250), Duration.ofMillis(750), RandomGenerator.getDefault());
  }

  /** Asks now, or once more after what is under way; while Consul fails, with the next retry. */
  void request() {
    if (busy) {
      again = true;
    } else {
      runAfter(0);
    }
  }

  /** Gives up what is under way, forgets the delays and asks at once. */
  void restart() {
    backoff.reset();
    consul.cancel();
    if (timer != null) {
      runAfter(0);
    }
  }

  /** Ends it for good: no round begins after this. */
  void close() {
    closed = true;
    cancelTimer();
    consul.close();
  }

  private void run() {
    cancelTimer();
    busy = true;
    again = false;
    round.get().onComplete(this::succeeded, this::failed);
  }

  private void succeeded(long delayMillis) {
    backoff.reset();
    busy = false;
    runAfter(again ? 0 : delayMillis);
  }

  private void failed(Throwable cause) {
    ConsulException failure = ConsulException.of(cause);
    if (failure.reason() == ConsulException.Reason.CANCELLED) {
      runAfter(0);
    } else if (!closed) {
      onFailure.accept(failure);
      runAfter(backoff.nextMillis());
    }
  }

  private void runAfter(long delayMillis) {
    if (closed) {
      return;
    }
    if (delayMillis <= 0) {
      run();
    } else {
      timer = vertx.setTimer(delayMillis, fired -> run());
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
  }
}
