package io.aliecs.relay.consul;

import io.aliecs.relay.retry.Backoff;
import io.aliecs.relay.text.Quoted;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.consul.KeyValue;
import io.vertx.ext.consul.TxnError;
import io.vertx.ext.consul.TxnKVOperation;
import io.vertx.ext.consul.TxnKVVerb;
import io.vertx.ext.consul.TxnRequest;
import io.vertx.ext.consul.TxnResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads two keys as one consistent pair, so that a Consul transaction over both is seen whole or
 * not at all: in one transaction of two gets. Where a key is not there, that transaction says so
 * and no more; then the other is read alone, and the transaction has to say the same again. Where
 * something on the way passes no transactions on, the keys are read one by one, and the first has
 * to be the same before and behind the second; that is done half as often.
 *
 * <p>The pair is read again every second or so, whatever the watches say: they cannot tell of a
 * Consul whose snapshot was restored in place, as it answers a blocking query for an index that it
 * has not reached again only when its wait is over; nor of an answer from a leader that had just
 * been deposed.
 *
 * <p>Requests made while a read is under way lead to one more read after it, however many they are.
 * A read that fails is retried with growing jittered delays until it works. Use from one Vert.x
 * context.
 */
public final class PairReader {

  /** How often a pair that changes under our eyes is read again before it is taken as a failure. */
  private static final int MOST_TRIES = 5;

  private static final String NO_SUCH_KEY = "doesn't exist";

  /** Both keys at one moment. */
  public record Pair(KeyReading first, KeyReading second) {}

  private final Vertx vertx;
  private final ConsulAccess consul;
  private final List<String> keys;
  private final ConsulMetrics metrics;
  private final ConsulTiming timing;
  private final Backoff backoff;
  private final Consumer<@Nullable ConsulException> health;
  private final Function<Pair, Future<Void>> apply;

  private boolean busy;
  private boolean again;
  private boolean closed;
  private @Nullable Long timer;
  private @Nullable Pair previous;

  /** Whether transactions are passed on, as far as is known; asked anew when a read fails. */
  private boolean transactions = true;

  /**
   * A reader that has yet to be asked.
   *
   * @param consul for this reader alone; closed with it
   * @param apply takes each new pair; the next read starts when its future ends
   * @param health hears after each read what was wrong, null when nothing was
   */
  public PairReader(
      Vertx vertx,
      ConsulAccess consul,
      String first,
      String second,
      ConsulTiming timing,
      ConsulMetrics metrics,
      Function<Pair, Future<Void>> apply,
      Consumer<@Nullable ConsulException> health) {
    this.vertx = vertx;
    this.consul = consul;
    this.keys = List.of(first, second);
    this.metrics = metrics;
    this.timing = timing;
    this.backoff = timing.backoff();
    this.apply = apply;
    this.health = health;
  }

  /** Something may have changed: read soon. The first call begins to read. */
  public void request() {
    if (closed) {
      return;
    }
    if (busy) {
      again = true;
      return;
    }
    read();
  }

  /** Ends it for good: no timer, request or pair comes after this. */
  public void close() {
    closed = true;
    cancelTimer();
    consul.close();
  }

  private void read() {
    cancelTimer();
    busy = true;
    again = false;
    both()
        .compose(this::take)
        .onSuccess(applied -> finished())
        .onFailure(cause -> failed(ConsulException.of(cause)));
  }

  private void cancelTimer() {
    if (timer != null) {
      vertx.cancelTimer(timer);
      timer = null;
    }
  }

  private void readAfter(long delayMillis) {
    timer = vertx.setTimer(delayMillis, fired -> read());
  }

  private Future<Void> take(Pair pair) {
    if (closed) {
      return Future.succeededFuture();
    }
    keys.forEach(metrics::read);
    backoff.reset();
    health.accept(null);
    return pair.equals(previous)
        ? Future.succeededFuture()
        : apply.apply(pair).onSuccess(applied -> previous = pair);
  }

  private void finished() {
    busy = false;
    if (again) {
      request();
    } else if (!closed) {
      Duration look = transactions ? timing.look() : timing.look().multipliedBy(2);
      readAfter(timing.jittered(look));
    }
  }

  private void failed(ConsulException failure) {
    if (closed) {
      return;
    }
    transactions = true;
    metrics.failed(failure.reason());
    health.accept(failure);
    readAfter(backoff.nextMillis());
  }

  private Future<Pair> both() {
    if (!transactions) {
      return oneByOne(MOST_TRIES);
    }
    return consistent(MOST_TRIES)
        .recover(
            cause -> {
              if (ConsulException.of(cause).reason() != ConsulException.Reason.NOT_PASSED_ON) {
                return Future.failedFuture(cause);
              }
              transactions = false;
              return oneByOne(MOST_TRIES);
            });
  }

  private Future<Pair> oneByOne(int triesLeft) {
    return alone(keys.get(0))
        .compose(
            first ->
                alone(keys.get(1))
                    .compose(
                        second ->
                            alone(keys.get(0))
                                .compose(
                                    after ->
                                        after.equals(first)
                                            ? Future.succeededFuture(new Pair(first, second))
                                            : triesLeft > 1
                                                ? oneByOne(triesLeft - 1)
                                                : unsettled())));
  }

  private Future<KeyReading> alone(String key) {
    return consul.ask(
        timing.answer(), client -> client.getValue(key).map(answer -> KeyReading.of(key, answer)));
  }

  private Future<Pair> consistent(int triesLeft) {
    return together(keys)
        .compose(
            found -> {
              Set<String> there = new HashSet<>(keys);
              there.removeAll(found.missing());
              return found.missing().isEmpty() || there.isEmpty()
                  ? Future.succeededFuture(pair(found.values()))
                  : besideMissing(found.missing(), List.copyOf(there), triesLeft);
            });
  }

  /** Reads the key that is there while the other is not. */
  private Future<Pair> besideMissing(Set<String> missing, List<String> there, int triesLeft) {
    return together(there)
        .compose(
            alone ->
                together(keys)
                    .compose(
                        after -> {
                          if (alone.missing().isEmpty() && after.missing().equals(missing)) {
                            return Future.succeededFuture(pair(alone.values()));
                          }
                          return triesLeft > 1 ? consistent(triesLeft - 1) : unsettled();
                        }));
  }

  private Future<Pair> unsettled() {
    return Future.failedFuture(
        new ConsulException(
            ConsulException.Reason.UNSETTLED, keys + " change faster than they can be read"));
  }

  private Pair pair(Map<String, KeyReading> values) {
    return new Pair(
        values.getOrDefault(keys.get(0), KeyReading.MISSING),
        values.getOrDefault(keys.get(1), KeyReading.MISSING));
  }

  /** What a transaction of gets found: the values of all keys, or those that are not there. */
  private record Found(Map<String, KeyReading> values, Set<String> missing) {}

  private Future<Found> together(List<String> asked) {
    TxnRequest gets = new TxnRequest();
    asked.forEach(
        key -> gets.addOperation(new TxnKVOperation().setType(TxnKVVerb.GET).setKey(key)));
    return consul.ask(
        timing.answer(), client -> client.transaction(gets).map(answer -> found(asked, answer)));
  }

  private static Found found(List<String> asked, TxnResponse answer) {
    Set<String> missing = new HashSet<>();
    for (TxnError error : answer.getErrors()) {
      String what = String.valueOf(error.getWhat());
      if (!what.endsWith(NO_SUCH_KEY)) {
        throw new ConsulException(
            what.contains("ermission denied")
                ? ConsulException.Reason.FORBIDDEN
                : ConsulException.Reason.SERVER_ERROR,
            "found " + Quoted.of(what) + " (expected: both keys)");
      }
      missing.add(asked.get(error.getOpIndex()));
    }
    Map<String, KeyReading> values = new HashMap<>();
    if (missing.isEmpty()) {
      if (answer.getResultsSize() < asked.size()) {
        throw new ConsulException(
            ConsulException.Reason.FORBIDDEN,
            "found " + answer.getResultsSize() + " of " + asked + " (expected: read on each)");
      }
      for (int at = 0; at < asked.size(); at++) {
        values.put(
            asked.get(at), KeyReading.of(asked.get(at), (KeyValue) answer.getResults().get(at)));
      }
    }
    return new Found(values, missing);
  }
}
