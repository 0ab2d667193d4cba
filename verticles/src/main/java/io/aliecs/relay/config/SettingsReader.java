package io.aliecs.relay.config;

import io.aliecs.relay.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads both keys as one consistent pair, so that a Consul transaction over both is seen whole or
 * not at all: settings, {@code kafka_enabled}, settings again, until the first and the last are the
 * same version; at the moment of the middle read both were true.
 *
 * <p>The pair is read again every second or so, whatever the watches say: they cannot tell of a
 * Consul whose snapshot was restored in place, as it answers a blocking query for an index that it
 * has not reached again only when its wait is over; nor of an answer from a leader that had just
 * been deposed. That is three small requests each time.
 *
 * <p>Requests made while a read is under way lead to one more read after it, however many they are.
 * A read that fails is retried with growing jittered delays until it works. Use from one Vert.x
 * context.
 */
final class SettingsReader {

  /** How often a pair that changes under our eyes is read again before it is taken as a failure. */
  private static final int MOST_TRIES = 5;

  private static final Duration LOOK = Duration.ofMillis(1_200);

  /** Both keys at one moment. */
  record Pair(KeyReading settings, KeyReading kafkaEnabled) {
    boolean sameVersionAs(@Nullable Pair other) {
      return other != null
          && settings.sameVersionAs(other.settings)
          && kafkaEnabled.sameVersionAs(other.kafkaEnabled);
    }
  }

  private final Vertx vertx;
  private final ConsulKv consul;
  private final String settingsKey;
  private final String kafkaEnabledKey;
  private final ConfigMetrics metrics;
  private final WatchTiming timing;
  private final Backoff backoff;
  private final Consumer<@Nullable ConsulFailure> health;
  private final Function<Pair, Future<Void>> apply;

  private boolean busy;
  private boolean again;
  private boolean closed;
  private @Nullable Long timer;
  private @Nullable Long look;
  private @Nullable Pair previous;
  private ConsulKv.@Nullable Pending<KeyReading> pending;

  /**
   * A reader that has yet to be asked.
   *
   * @param apply takes each pair; the next read starts when its future ends
   * @param health hears after each read what was wrong, null when nothing was
   */
  SettingsReader(
      Vertx vertx,
      ConsulKv consul,
      String settingsKey,
      String kafkaEnabledKey,
      WatchTiming timing,
      ConfigMetrics metrics,
      Function<Pair, Future<Void>> apply,
      Consumer<@Nullable ConsulFailure> health) {
    this.vertx = vertx;
    this.consul = consul;
    this.settingsKey = settingsKey;
    this.kafkaEnabledKey = kafkaEnabledKey;
    this.metrics = metrics;
    this.timing = timing;
    this.backoff = timing.backoff();
    this.apply = apply;
    this.health = health;
  }

  /** Something may have changed: read soon. */
  void request() {
    if (closed) {
      return;
    }
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    again = false;
    read();
  }

  /** Consul has come back: a read that waits to be retried is tried at once. */
  void wake() {
    if (closed) {
      return;
    }
    backoff.reset();
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
      read();
    } else if (pending != null) {
      pending.cancel(); // it may hang on a dead connection; its end leads to another try at once
    }
  }

  /** Ends it for good: no timer, request or pair comes after this. */
  void close() {
    closed = true;
    if (look != null) {
      vertx.cancelTimer(look);
    }
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
    if (pending != null) {
      pending.cancel();
    }
  }

  private void read() {
    consistent(MOST_TRIES)
        .compose(this::take)
        .onSuccess(applied -> finished())
        .onFailure(cause -> failed(ConsulFailure.of(cause)));
  }

  private Future<Void> take(Pair pair) {
    if (closed) {
      return Future.succeededFuture();
    }
    backoff.reset();
    health.accept(null);
    if (look != null) {
      vertx.cancelTimer(look);
    }
    look = vertx.setTimer(timing.jittered(LOOK), fired -> request());
    return pair.sameVersionAs(previous)
        ? Future.succeededFuture()
        : apply.apply(pair).onSuccess(applied -> previous = pair);
  }

  private void finished() {
    busy = false;
    if (again) {
      request();
    }
  }

  private void failed(ConsulFailure failure) {
    if (closed) {
      return;
    }
    if (failure.reason() == ConsulFailure.Reason.CANCELLED) { // woken: try at once
      again = false;
      read();
      return;
    }
    metrics.failed(failure.reason());
    health.accept(failure);
    timer =
        vertx.setTimer(
            timing.beforeRetry(backoff, failure),
            fired -> {
              timer = null;
              again = false;
              read();
            });
  }

  private Future<Pair> consistent(int triesLeft) {
    return one(settingsKey)
        .compose(
            before ->
                one(kafkaEnabledKey)
                    .compose(
                        enabled ->
                            one(settingsKey)
                                .compose(after -> settled(before, enabled, after, triesLeft))));
  }

  private Future<Pair> settled(
      KeyReading before, KeyReading enabled, KeyReading after, int triesLeft) {
    if (before.sameVersionAs(after)) {
      return Future.succeededFuture(new Pair(after, enabled));
    }
    if (triesLeft > 1) {
      return consistent(triesLeft - 1);
    }
    return Future.failedFuture(
        new ConsulFailure(
            ConsulFailure.Reason.UNSETTLED, settingsKey + " changes faster than it can be read"));
  }

  private Future<KeyReading> one(String key) {
    ConsulKv.Pending<KeyReading> asked = consul.read(key);
    pending = asked;
    return asked
        .future()
        .onComplete(
            done -> {
              if (pending == asked) {
                pending = null;
              }
              if (done.succeeded()) {
                metrics.read(key);
              }
            });
  }
}
