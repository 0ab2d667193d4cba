package io.aliecs.relay.consul;

import io.aliecs.relay.consul.PairReader.Pair;
import io.aliecs.relay.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows both keys as one consistent pair: a {@link KeyWatch} for each key says when to read, a
 * {@link PairReader} reads.
 *
 * <p>The pair is read again every second or so, whatever the watches report: they cannot notice a
 * Consul whose snapshot was restored in place, as it answers a blocking query for an index that it
 * has not reached again only when its wait is over; nor an answer from a leader that had just been
 * deposed. Where the keys have to be read one by one, that is half as often.
 *
 * <p>Requests made while a read is under way lead to one more read after it, however many they are.
 * Everything happens on the Vert.x context that called {@link #start}.
 */
public final class PairWatch {

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Function<Pair, Future<Void>> onPair;
  private final BiConsumer<List<String>, @Nullable ConsulException> onAnswer;
  private final PairReader reader;
  private final RequestLoop loop;
  private final List<KeyWatch> watches;

  private boolean failing;
  private @Nullable Pair previous;

  /**
   * A watch that has yet to be started.
   *
   * @param onPair takes each new pair; the next read starts when its future ends
   * @param onAnswer receives after each request which keys were asked for, and what was wrong, null
   *     when nothing was
   */
  public PairWatch(
      Vertx vertx,
      ConsulOptions options,
      Function<Pair, Future<Void>> onPair,
      BiConsumer<List<String>, @Nullable ConsulException> onAnswer) {
    ConsulAgents agents = new ConsulAgents(vertx, options);
    ConsulAccess consul = agents.access();
    this.onPair = onPair;
    this.onAnswer = onAnswer;
    this.reader = new PairReader(consul, PairReader.ANSWER);
    this.loop = new RequestLoop(vertx, consul, this::read, this::failed);
    this.watches =
        ConsulOptions.KEYS.stream()
            .map(
                key ->
                    new KeyWatch(
                        vertx,
                        agents.access(),
                        key,
                        options.queryWait(),
                        loop::request,
                        failure -> onAnswer.accept(List.of(key), failure)))
            .toList();
  }

  /** Begins to read and to watch; call once. */
  public void start() {
    loop.request();
    watches.forEach(KeyWatch::start);
  }

  /** Ends it for good: no timer, request or pair comes after this. */
  public void close() {
    watches.forEach(KeyWatch::close);
    loop.close();
  }

  private Future<Long> read() {
    return reader.read().compose(this::take).map(taken -> pauseMillis());
  }

  private long pauseMillis() {
    Duration pause = reader.transactions() ? PAUSE : PAUSE.multipliedBy(2);
    return Backoff.spread(pause, RandomGenerator.getDefault());
  }

  private Future<Void> take(Pair pair) {
    onAnswer.accept(ConsulOptions.KEYS, null);
    Pair before = previous;
    if (failing || (before != null && wentBack(before, pair))) {
      watches.forEach(KeyWatch::wake); // they may hang on a dead connection, or wait for an index
    }
    failing = false;
    return pair.equals(before)
        ? Future.succeededFuture()
        : onPair.apply(pair).onSuccess(applied -> previous = pair);
  }

  /** Whether a snapshot was restored, or a key deleted: the index of old is long to come. */
  private static boolean wentBack(Pair before, Pair now) {
    return now.settings().modifyIndex() < before.settings().modifyIndex()
        || now.kafkaEnabled().modifyIndex() < before.kafkaEnabled().modifyIndex();
  }

  private void failed(ConsulException failure) {
    failing = true;
    onAnswer.accept(ConsulOptions.KEYS, failure);
  }
}
