package io.aliecs.relay.config;

import io.aliecs.relay.retry.Backoff;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one key with Consul's blocking queries and tells a listener each time it is written,
 * deleted or back, and once at first whatever it is.
 *
 * <p>The loop asks "tell me when the key is past index N". N starts at 0, which means at once; it
 * goes back to 0 when an answer's index is lower than N (Consul was restored or restarted), missing
 * or 0, and after every failure. What counts is the key's own version (its value and {@code
 * ModifyIndex}), never the answer's index, which other keys move too: being asked again costs
 * nothing. To compare values alone would not do: the listener reads for itself and may have seen a
 * value in between.
 *
 * <p>A key that is not there is watched in the same way. Failures are retried with growing jittered
 * delays, which {@link #wake} cuts short; answers in quick succession are spaced out, so that a key
 * that flips all the time costs a bounded number of requests and the newest value still arrives.
 *
 * <p>Everything happens on the Vert.x context that called {@link #start}.
 */
final class ConsulKeyWatch {

  private static final Logger LOG = LoggerFactory.getLogger(ConsulKeyWatch.class);

  /** What a query that had to wait and did not is followed by, so that it is no hot loop. */
  private static final long UNBLOCKED_MILLIS = 1_000;

  /** Hears from a watch; what it throws is caught and counted. */
  interface Listener {
    /** The key is not what it was at the last call, or this is the first call. */
    void changed(KeyReading newest);
  }

  private final Vertx vertx;
  private final ConsulKv consul;
  private final String key;
  private final ConfigMetrics metrics;
  private final Listener listener;
  private final Consumer<@Nullable ConsulFailure> health;
  private final WatchTiming timing;
  private final Backoff backoff;
  private final RequestPace pace;

  private long index;
  private long askedNanos;
  private @Nullable KeyReading last;
  private ConsulKv.@Nullable Pending<KeyReading> pending;
  private @Nullable Long timer;
  private boolean closed;

  /**
   * A watch that has yet to be started.
   *
   * @param listener hears of values
   * @param health hears after each request what was wrong, null when nothing was
   */
  ConsulKeyWatch(
      Vertx vertx,
      ConsulKv consul,
      String key,
      WatchTiming timing,
      ConfigMetrics metrics,
      Listener listener,
      Consumer<@Nullable ConsulFailure> health) {
    this.vertx = vertx;
    this.consul = consul;
    this.key = key;
    this.metrics = metrics;
    this.listener = listener;
    this.health = health;
    this.timing = timing;
    this.backoff = timing.backoff();
    this.pace = new RequestPace(timing);
  }

  /** Begins to watch; call once. */
  void start() {
    next();
  }

  /**
   * Consul has come back: gives up what is under way, which may hang on a dead connection, forgets
   * the index and the delays, and asks at once.
   */
  void wake() {
    if (closed) {
      return;
    }
    stop();
    index = 0;
    backoff.reset();
    next();
  }

  /** Ends it for good: no timer, request or call of the listener comes after this. */
  void close() {
    closed = true;
    stop();
  }

  private void stop() {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
    if (pending != null) {
      ConsulKv.Pending<KeyReading> abandoned = pending;
      pending = null;
      abandoned.cancel();
    }
  }

  private void next() {
    after(pace.takeMillis());
  }

  private void after(long delayMillis) {
    if (delayMillis == 0) {
      ask();
      return;
    }
    timer =
        vertx.setTimer(
            delayMillis,
            fired -> {
              timer = null;
              ask();
            });
  }

  private void ask() {
    ConsulKv.Pending<KeyReading> asked =
        index == 0 ? consul.read(key) : consul.readAfter(key, index);
    pending = asked;
    askedNanos = timing.nanoTime().getAsLong();
    asked
        .future()
        .onComplete(
            answer -> {
              if (pending != asked) {
                return; // given up, or closed
              }
              pending = null;
              if (answer.succeeded()) {
                answered(answer.result());
              } else {
                failed(ConsulFailure.of(answer.cause()));
              }
            });
  }

  private void answered(KeyReading reading) {
    metrics.read(key);
    long waited = (timing.nanoTime().getAsLong() - askedNanos) / 1_000_000;
    boolean unblocked = index != 0 && waited < UNBLOCKED_MILLIS && reading.sameVersionAs(last);
    if (!reading.sameVersionAs(last)) {
      last = reading;
      tell(reading);
    }
    if (closed || pending != null || timer != null) {
      return; // the listener closed or woke us
    }
    if (reading.consulIndex() == 0) {
      failed(
          new ConsulFailure(
              ConsulFailure.Reason.NO_INDEX,
              "found no usable X-Consul-Index (expected: a number above 0), cannot wait for changes"));
      return;
    }
    index = reading.consulIndex() < index ? 0 : reading.consulIndex();
    backoff.reset();
    health.accept(null);
    if (unblocked) { // something on the way takes the query's words away
      after(UNBLOCKED_MILLIS - waited);
    } else {
      next();
    }
  }

  private void tell(KeyReading reading) {
    try {
      listener.changed(reading);
    } catch (RuntimeException e) {
      metrics.listenerFailed();
      LOG.error("A listener failed over a change of {}; the watch goes on", key, e);
    }
  }

  private void failed(ConsulFailure failure) {
    metrics.failed(failure.reason());
    index = 0;
    health.accept(failure);
    after(timing.beforeRetry(backoff, failure));
  }
}
