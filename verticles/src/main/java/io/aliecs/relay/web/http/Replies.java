package io.aliecs.relay.web.http;

import io.aliecs.relay.retry.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends every answer of one server: the same headers on each, each counted. For one event loop. */
public final class Replies {
  /** The route under which requests are counted that match none. */
  public static final String NO_ROUTE = "none";

  public static final CharSequence SECURITY_POLICY =
      HttpHeaders.createOptimized("content-security-policy");

  private static final String EVENT_STREAM = "text/event-stream";
  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
  private static final CharSequence NOSNIFF_NAME =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence NOTHING =
      HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
  private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache");
  private static final CharSequence ACCEPT_ENCODING =
      HttpHeaders.createOptimized("accept-encoding");

  private final RequestCounters counters;
  private final RateLimitedLog flood = new RateLimitedLog(LOG, System::nanoTime);

  public Replies(RequestCounters counters) {
    this.counters = counters;
  }

  /** What counts these answers. */
  public RequestCounters counters() {
    return counters;
  }

  /** Sends an answer, or 304 to a client that has it; to a HEAD only the length of the body. */
  public void send(HttpServerRequest request, String route, Answer answer) {
    boolean unchanged = answer.matches(request.getHeader(HttpHeaders.IF_NONE_MATCH));
    int status = unchanged ? 304 : answer.status();
    counters.count(route, status);
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    common(response);
    if (answer.etag() != null) {
      response.putHeader(HttpHeaders.ETAG, answer.etag());
    }
    answer.headers().forEach((name, value) -> response.putHeader(name, value));
    response.setStatusCode(status);
    if (unchanged || status == 204) {
      watch(response.end());
      return;
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, answer.mediaType());
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length()));
      watch(response.end());
    } else {
      watch(response.end(answer.body()));
    }
  }

  /** Sends an error to a request that comes to no route. */
  public void unrouted(HttpServerRequest request, int status, String detail) {
    send(request, NO_ROUTE, Answer.problem(status, detail));
  }

  /** Answers that the relay failed, and logs why. */
  void failed(HttpServerRequest request, String route, @Nullable Throwable failure) {
    if (request.response().closed() || failure instanceof HttpClosedException) {
      LOG.debug("{} {}: the client went away", request.method(), route, failure);
    } else {
      flood.error(() -> request.method() + " " + route + " failed", failure);
    }
    send(request, route, Answer.problem(500, "an error of the relay; its log says more"));
  }

  /** Sets the head of an endless answer; a HEAD gets nothing else, and ends. */
  void openStream(HttpServerRequest request, String route) {
    counters.count(route, 200);
    HttpServerResponse response = request.response();
    common(response);
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
        .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY) // or each would be held back
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    if (request.method().equals(HttpMethod.HEAD)) {
      watch(response.end());
    }
  }

  private static void common(HttpServerResponse response) {
    String varies = response.headers().get(HttpHeaders.VARY); // by origin, where others are allowed
    response
        .putHeader(NOSNIFF_NAME, NOSNIFF)
        .putHeader(SECURITY_POLICY, NOTHING)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
        .putHeader(
            HttpHeaders.VARY, varies == null ? ACCEPT_ENCODING : varies + ", " + ACCEPT_ENCODING);
  }

  private static void watch(Future<Void> sent) {
    sent.onFailure(failure -> LOG.debug("A client went away before its answer", failure));
  }
}
