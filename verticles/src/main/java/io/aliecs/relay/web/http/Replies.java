package io.aliecs.relay.web.http;

import io.aliecs.relay.retry.RateLimitedLog;
import io.aliecs.relay.web.state.Snapshot;
import io.aliecs.relay.web.state.StateFeed;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends every answer of one server: the same headers on each, each counted. For one event loop. */
public final class Replies {
  /** The route under which requests are counted that match none. */
  public static final String NO_ROUTE = "none";

  public static final String JSON = "application/json";
  public static final String EVENT_STREAM = "text/event-stream";

  /** Told of whatever needs the state, until there is one. */
  public static final Problem NOT_READY =
      new Problem(503, "the journal is not replayed yet (expected: in seconds; repeat)");

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
  private static final CharSequence NOSNIFF_NAME =
      HttpHeaders.createOptimized("x-content-type-options");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence CSP_NAME =
      HttpHeaders.createOptimized("content-security-policy");
  private static final CharSequence CSP =
      HttpHeaders.createOptimized("default-src 'none'; frame-ancestors 'none'");
  private static final CharSequence PAGE_CSP =
      HttpHeaders.createOptimized(
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
              + "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
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

  /** Sends a file of the page, or 304 to a client that has it. */
  public void asset(HttpServerRequest request, String route, String mediaType, Document asset) {
    document(request, route, asset, mediaType, PAGE_CSP);
  }

  /** Sends a file for programs, or 304 to a client that has it. */
  public void file(HttpServerRequest request, String route, String mediaType, Document file) {
    document(request, route, file, mediaType, CSP);
  }

  /** Sends a document, or 304 to a client that has it. */
  public void document(HttpServerRequest request, String route, Document document) {
    document(request, route, document, JSON, CSP);
  }

  private void document(
      HttpServerRequest request, String route, Document document, String type, CharSequence csp) {
    HttpServerResponse response = request.response();
    response.putHeader(HttpHeaders.ETAG, document.etag());
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null && document.matches(known)) {
      common(response, csp);
      counters.count(route, 304);
      watch(response.setStatusCode(304).end());
    } else {
      body(request, route, 200, type, document.body(), csp);
    }
  }

  /** Sends an error. */
  public void problem(HttpServerRequest request, String route, Problem problem) {
    body(request, route, problem.status(), Problem.MEDIA_TYPE, problem.toBuffer());
  }

  private void notReady(HttpServerRequest request, String route) {
    request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
    problem(request, route, NOT_READY);
  }

  /** Answers from the newest state, once there is one. */
  public Handler<RoutingContext> whenReady(
      String route, StateFeed feed, BiConsumer<RoutingContext, Snapshot> answer) {
    return context -> {
      Snapshot snapshot = feed.snapshot();
      if (snapshot == null) {
        notReady(context.request(), route);
      } else {
        answer.accept(context, snapshot);
      }
    };
  }

  /**
   * What a request asks for; empty once one that asks wrongly has been told so.
   *
   * @param asked says by an IllegalArgumentException what was found and what is expected
   */
  public <T> Optional<T> asked(HttpServerRequest request, String route, Supplier<T> asked) {
    try {
      return Optional.of(asked.get());
    } catch (IllegalArgumentException e) {
      problem(request, route, new Problem(400, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  /**
   * Says that the method is none of those.
   *
   * @param allowed with commas between
   */
  public void notAllowed(HttpServerRequest request, String route, String allowed) {
    request.response().putHeader(HttpHeaders.ALLOW, allowed);
    String detail = "method: " + request.method().name() + " (expected: " + allowed + ")";
    problem(request, route, new Problem(405, detail));
  }

  /** Says that the URL cannot be decoded. */
  public void badUrl(HttpServerRequest request, String route) {
    String detail = "URL: not well formed (expected: percent-encoded UTF-8)";
    problem(request, route, new Problem(400, detail));
  }

  /** Says that the relay failed, and logs why. */
  public void failed(HttpServerRequest request, String route, @Nullable Throwable failure) {
    if (request.response().closed() || failure instanceof HttpClosedException) {
      LOG.debug("{} {}: the client went away", request.method(), route, failure);
    } else {
      flood.error(() -> request.method() + " " + route + " failed", failure);
    }
    problem(request, route, new Problem(500, "an error of the relay; its log says more"));
  }

  /** Sends a success without a body. */
  public void nothing(HttpServerRequest request, String route) {
    counters.count(route, 204);
    common(request.response(), CSP);
    watch(request.response().setStatusCode(204).end());
  }

  /** Answers with JSON. */
  public void json(HttpServerRequest request, String route, int status, JsonObject json) {
    body(request, route, status, JSON, json.toBuffer());
  }

  /** Sends any body; to a HEAD only its length. */
  public void body(HttpServerRequest request, String route, int status, String type, Buffer body) {
    body(request, route, status, type, body, CSP);
  }

  private void body(
      HttpServerRequest request,
      String route,
      int status,
      String type,
      Buffer body,
      CharSequence csp) {
    counters.count(route, status);
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    common(response, csp);
    response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, type);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
      watch(response.end());
    } else {
      watch(response.end(body));
    }
  }

  /** Sets the head of an endless answer; a HEAD gets nothing else, and ends. */
  public void openStream(HttpServerRequest request, String route) {
    counters.count(route, 200);
    HttpServerResponse response = request.response();
    common(response, CSP);
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
        .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY) // or each would be held back
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    if (request.method().equals(HttpMethod.HEAD)) {
      watch(response.end());
    }
  }

  private static void common(HttpServerResponse response, CharSequence csp) {
    String varies = response.headers().get(HttpHeaders.VARY); // by origin, where others are allowed
    response
        .putHeader(NOSNIFF_NAME, NOSNIFF)
        .putHeader(CSP_NAME, csp)
        .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
        .putHeader(
            HttpHeaders.VARY, varies == null ? ACCEPT_ENCODING : varies + ", " + ACCEPT_ENCODING);
  }

  private static void watch(Future<Void> sent) {
    sent.onFailure(failure -> LOG.debug("A client went away before its answer", failure));
  }
}
