package io.aliecs.relay.testkit.standin;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Consul's blocking queries: a request with an index is answered once what it asks for has a
 * greater one, or when its wait is over. For one event loop only.
 */
final class BlockingQueries {
  private static final String DEFAULT_WAIT = "300000ms";

  private final Vertx vertx;
  private final Set<Blocked> blocked = new LinkedHashSet<>();

  BlockingQueries(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Runs {@code answer} now or later.
   *
   * @param index the index of what the request asks for, now
   * @throws NumberFormatException when {@code index} or {@code wait} of the request are none, of
   *     Go's durations one in milliseconds
   */
  void answer(HttpServerRequest request, LongSupplier index, Runnable answer) {
    long after = Long.parseLong(request.getParam("index", "0"));
    String wait = request.getParam("wait", DEFAULT_WAIT);
    long waitMs = Long.parseLong(wait.endsWith("ms") ? wait.substring(0, wait.length() - 2) : wait);
    if (after == 0 || index.getAsLong() > after) {
      answer.run();
      return;
    }
    Blocked query = new Blocked(index, after, answer);
    blocked.add(query);
    query.timer = vertx.setTimer(Math.max(1, waitMs), fired -> release(query));
    request.response().closeHandler(gone -> forget(query));
  }

  /** To be called after every write: answers the requests that waited for it. */
  void wake() {
    List.copyOf(blocked).stream()
        .filter(query -> query.index.getAsLong() > query.after)
        .forEach(this::release);
  }

  private void release(Blocked query) {
    forget(query);
    query.answer.run();
  }

  private void forget(Blocked query) {
    blocked.remove(query);
    vertx.cancelTimer(query.timer);
  }

  private static final class Blocked {
    final LongSupplier index;
    final long after;
    final Runnable answer;
    long timer;

    Blocked(LongSupplier index, long after, Runnable answer) {
      this.index = index;
      this.after = after;
      this.answer = answer;
    }
  }
}
