package io.aliecs.relay.consul;

import io.aliecs.relay.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.consul.BlockingQueryOptions;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one key with Consul's blocking queries and tells a listener each time it is written,
 * deleted or back, and once at first whatever it is.
 *
 * <p>The loop asks "tell me when the key is past index N", where N is the {@code ModifyIndex} of
 * the newest answer, which other keys do not move; whatever goes backwards is so forgotten. N is 0,
 * which means at once, at first and after every failure. A key that is not there has no index to
 * wait for and is asked for once a second.
 *
 * <p>Failures are retried with growing jittered delays, which {@link #wake} cuts short; answers in
 * quick succession are spaced out, so that a key that flips all the time costs a bounded number of
 * requests and the newest value still arrives.
 *
 * <p>Everything happens on the Vert.x context that called {@link #start}.
 */
public final class KeyWatch {

  private static final Logger LOG = LoggerFactory.getLogger(KeyWatch.class);

  private final Vertx vertx;
  private final ConsulAccess consul;
  private final String key;
  private final Duration wait;
  private final ConsulMetrics metrics;
  private final Consumer<KeyReading> listener;
  private final Consumer<@Nullable ConsulException> health;
  private final ConsulTiming timing;
  private final Backoff backoff;
  private final RequestPace pace;

  private long index;
  private long askedNanos;
  private @Nullable KeyReading last;
  private @Nullable Future<KeyReading> pending;
  private @Nullable Long timer;
  private boolean closed;

  /**
   * A watch that has yet to be started.
   *
   * @param consul for this watch alone; closed with it
   * @param wait how long Consul may hold a query
   * @param listener hears of values, each time the key is not what it was; what it throws is caught
   *     and counted
   * @param health hears after each request what was wrong, null when nothing was
   */
  public KeyWatch(
      Vertx vertx,
      ConsulAccess consul,
      String key,
      Duration wait,
      ConsulTiming timing,
      ConsulMetrics metrics,
      Consumer<KeyReading> listener,
      Consumer<@Nullable ConsulException> health) {
    this.vertx = vertx;
    this.consul = consul;
    this.key = key;
    this.wait = wait;
    this.metrics = metrics;
    this.listener = listener;
    this.health = health;
    this.timing = timing;
    this.backoff = timing.backoff();
    this.pace = new RequestPace(timing);
  }

  /** Begins to watch; call once. */
  public void start() {
    next();
  }

  /**
   * Consul has come back: gives up what is under way, which may hang on a dead connection, forgets
   * the index and the delays, and asks at once.
   */
  public void wake() {
    if (closed) {
      return;
    }
    stop();
    index = 0;
    backoff.reset();
    next();
  }

  /** Ends it for good: no timer, request or call of the listener comes after this. */
  public void close() {
    closed = true;
    stop();
    consul.close();
  }

  private void stop() {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
    pending = null;
    consul.cancel();
  }

  private void next() {
    after(pace.takeMillis());
  }

  private void after(long delayMillis) {
    if (delayMillis <= 0) {
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
    BlockingQueryOptions query =
        new BlockingQueryOptions().setIndex(index).setWait(wait.toMillis() + "ms");
    // Consul adds up to a sixteenth to the wait, so that not all come back at once.
    boolean now = index == 0;
    Duration longest = now ? Duration.ZERO : wait.plus(wait.dividedBy(16));
    askedNanos = timing.nanoTime().getAsLong();
    Future<KeyReading> asked =
        consul.ask(
            longest.plus(timing.margin()),
            client ->
                (now ? client.getValue(key) : client.getValueWithOptions(key, query))
                    .map(value -> KeyReading.of(key, value)));
    pending = asked;
    asked.onComplete(
        answer -> {
          if (pending != asked) {
            return; // given up, or closed
          }
          pending = null;
          if (answer.succeeded()) {
            answered(answer.result());
          } else {
            failed(ConsulException.of(answer.cause()));
          }
        });
  }

  private void answered(KeyReading reading) {
    metrics.read(key);
    boolean same = reading.equals(last);
    last = reading;
    if (!same) {
      tell(reading);
    }
    if (closed || pending != null || timer != null) {
      return; // the listener closed or woke us
    }
    backoff.reset();
    health.accept(null);
    long waited = (timing.nanoTime().getAsLong() - askedNanos) / 1_000_000;
    boolean waits = reading.isPresent() && (index == 0 || !same);
    index = reading.modifyIndex();
    if (waits) {
      next();
    } else { // the key is missing, or something on the way takes the query's words away
      after(timing.look().toMillis() - waited);
    }
  }

  private void tell(KeyReading reading) {
    try {
      listener.accept(reading);
    } catch (RuntimeException e) {
      metrics.listenerFailed();
      LOG.error("A listener failed over a change of {}; the watch goes on", key, e);
    }
  }

  private void failed(ConsulException failure) {
    metrics.failed(failure.reason());
    index = 0;
    health.accept(failure);
    after(backoff.nextMillis());
  }
}
