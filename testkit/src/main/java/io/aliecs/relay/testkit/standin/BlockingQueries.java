package io.aliecs.relay.testkit.standin;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Consul's blocking queries: a request with an index is answered once what it asks for has a
 * greater one, or when its wait (and up to a sixteenth more) is over. For one event loop only.
 */
final class BlockingQueries {
  private static final Duration DEFAULT_WAIT = Duration.ofMinutes(5);
  private static final Duration MAX_WAIT = Duration.ofMinutes(10);

  /** Of Go's durations those of one unit. */
  private static final Pattern WAIT = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  private static final int JITTER_FRACTION = 16;

  private final Vertx vertx;
  private final Set<Blocked> blocked = new LinkedHashSet<>();

  BlockingQueries(Vertx vertx) {
    this.vertx = vertx;
  }

  /** A request that cannot be understood, in Consul's words. */
  static final class BadQueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadQueryException(String message) {
      super(message);
    }
  }

  /**
   * Runs {@code answer} now or later.
   *
   * @param index the index of what the request asks for, now
   * @throws BadQueryException when {@code index} or {@code wait} of the request are broken
   */
  void answer(HttpServerRequest request, LongSupplier index, Runnable answer) {
    long after = index(request);
    Duration wait = wait(request);
    if (after == 0 || index.getAsLong() > after) {
      answer.run();
      return;
    }
    Blocked query = new Blocked(index, after, answer);
    blocked.add(query);
    query.timer = vertx.setTimer(withJitter(wait), fired -> release(query));
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

  private static long withJitter(Duration wait) {
    long millis = Math.max(1, wait.toMillis());
    return millis + ThreadLocalRandom.current().nextLong(millis / JITTER_FRACTION + 1);
  }

  private static long index(HttpServerRequest request) {
    String text = request.getParam("index", "");
    if (text.isEmpty()) {
      return 0;
    }
    try {
      // Greater than any of ours is all that matters of the upper half of the range.
      long index = Long.parseUnsignedLong(text);
      return index < 0 ? Long.MAX_VALUE : index;
    } catch (NumberFormatException broken) {
      throw new BadQueryException("Invalid index");
    }
  }

  private static Duration wait(HttpServerRequest request) {
    String text = request.getParam("wait", "");
    if (text.isEmpty()) {
      return DEFAULT_WAIT;
    }
    Matcher wait = WAIT.matcher(text);
    if (!wait.matches()) {
      throw new BadQueryException("Invalid wait time");
    }
    long number = Long.parseLong(wait.group(1));
    Duration asked =
        wait.group(2).equals("ms")
            ? Duration.ofMillis(number)
            : Duration.parse("PT" + number + wait.group(2).toUpperCase(Locale.ROOT));
    if (asked.isZero()) {
      return DEFAULT_WAIT;
    }
    return asked.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : asked;
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
