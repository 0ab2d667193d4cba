package io.aliecs.relay.trace;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends spans to a collector, some at once and one request at a time. What does not fit, or is not
 * taken, is dropped and counted: nothing waits for it. Lives on one context.
 */
final class SpanExporter {
  /** The most spans that wait. */
  static final int MOST = 2_048;

  private static final Logger LOG = LoggerFactory.getLogger(SpanExporter.class);
  private static final int AT_ONCE = 512;
  private static final long TIMEOUT_MS = 5_000;

  private final TraceOptions options;
  private final HttpClient client;
  private final Counter sent;
  private final Counter dropped;
  private final Deque<Span> waiting = new ArrayDeque<>();
  private boolean sending;
  private boolean failing;

  SpanExporter(Vertx vertx, TraceOptions options, Counter sent, Counter dropped) {
    this.options = options;
    this.client = vertx.createHttpClient();
    this.sent = sent;
    this.dropped = dropped;
  }

  void add(Span span) {
    if (waiting.size() < MOST) {
      waiting.add(span);
    } else {
      dropped.increment();
    }
  }

  /** Sends some of what waits, unless the last are still under way; never fails. */
  Future<Void> flush() {
    if (sending || waiting.isEmpty()) {
      return Future.succeededFuture();
    }
    sending = true;
    List<Span> batch = new ArrayList<>();
    while (batch.size() < AT_ONCE && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
    return post(batch)
        .transform(
            done -> {
              sending = false;
              if (done.succeeded()) {
                sent.increment(batch.size());
                failing = false;
              } else {
                dropped.increment(batch.size());
                failed(done.cause());
              }
              return Future.succeededFuture();
            });
  }

  private Future<Void> post(List<Span> batch) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(options.endpoint())
            .setTimeout(TIMEOUT_MS)
            .putHeader("Content-Type", "application/json");
    return client
        .request(request)
        .compose(open -> open.send(Span.request(options, batch).toBuffer()))
        .compose(answer -> answer.end().map(answer.statusCode()))
        .compose(
            status ->
                status / 100 == 2
                    ? Future.succeededFuture()
                    : Future.failedFuture("status " + status + " (expected: 200)"));
  }

  private void failed(Throwable cause) {
    if (!failing) {
      LOG.warn(
          "traces are not taken by {}: {}; they are dropped until they are",
          options.endpoint(),
          cause.getMessage());
    }
    failing = true;
  }

  Future<Void> close() {
    return flush().eventually(client::close);
  }
}
