package io.aliecs.relay.consul;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.consul.BlockingQueryOptions;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches one key with Consul's blocking queries and reports each time it is written, deleted or
 * back, and once at first whatever it is.
 *
 * <p>The loop asks "answer when the key is past index N", where N is the {@code ModifyIndex} of the
 * newest answer, which other keys do not move; an index that goes backwards is so forgotten. N is
 * 0, which means at once, at first and after every failure. A key that is not there has no index to
 * wait for and is asked for once a second.
 *
 * <p>Answers in quick succession are spaced out, so that a key that flips all the time costs a
 * bounded number of requests and the newest value still arrives.
 */
final class KeyWatch {

  /** How long an answer may take beyond what Consul was asked to wait. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  /** The least time from one query to the next: of a key that is there, and of one that is not. */
  private static final long PACE_MILLIS = 20;

  private static final long POLL_MILLIS = 1_000;

  private final ConsulAccess consul;
  private final String key;
  private final Duration wait;
  private final Runnable onChange;
  private final Consumer<@Nullable ConsulException> onAnswer;
  private final RequestLoop loop;

  private long index;
  private @Nullable KeyReading last;

  /**
   * A watch that has yet to be started.
   *
   * @param consul for this watch alone; closed with it
   * @param wait how long Consul may hold a query
   * @param onChange called each time the key is not what it was
   * @param onAnswer receives after each request what was wrong, null when nothing was
   */
  KeyWatch(
      Vertx vertx,
      ConsulAccess consul,
      String key,
      Duration wait,
      Runnable onChange,
      Consumer<@Nullable ConsulException> onAnswer) {
    this.consul = consul;
    this.key = key;
    this.wait = wait;
    this.onChange = onChange;
    this.onAnswer = onAnswer;
    this.loop = new RequestLoop(vertx, consul, this::ask, this::failed);
  }

  /** Begins to watch; call once. */
  void start() {
    loop.request();
  }

  /**
   * Consul has come back: gives up what is under way, which may hang on a dead connection, forgets
   * the index and the delays, and asks at once.
   */
  void wake() {
    index = 0;
    loop.restart();
  }

  /** Ends it for good: no request or call comes after this. */
  void close() {
    loop.close();
  }

  private Future<Long> ask() {
    long from = index;
    long asked = System.nanoTime();
    BlockingQueryOptions query =
        new BlockingQueryOptions().setIndex(from).setWait(wait.toMillis() + "ms");
    // Consul adds up to a sixteenth to the wait, so that not all come back at once.
    Duration longest = from == 0 ? Duration.ZERO : wait.plus(wait.dividedBy(16));
    return consul
        .ask(
            longest.plus(MARGIN),
            client ->
                (from == 0 ? client.getValue(key) : client.getValueWithOptions(key, query))
                    .map(answer -> KeyReading.of(key, answer)))
        .map(reading -> answered(reading, asked));
  }

  private long answered(KeyReading reading, long asked) {
    onAnswer.accept(null);
    boolean same = reading.equals(last);
    boolean waits = reading.isPresent() && (index == 0 || !same);
    last = reading;
    index = reading.modifyIndex();
    if (!same) {
      onChange.run();
    }
    // Otherwise the key is missing, or something on the way takes the query's words away.
    return (waits ? PACE_MILLIS : POLL_MILLIS) - (System.nanoTime() - asked) / 1_000_000;
  }

  private void failed(ConsulException failure) {
    index = 0;
    onAnswer.accept(failure);
  }
}
