package io.aliecs.relay.web;

import io.aliecs.relay.domain.EnvironmentInfo;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers dashboards that look at the published list as at an InfluxDB 1. Errors have the form that
 * they show. For one event loop.
 */
final class GrafanaRoutes {
  static final String QUERY = "/query";
  static final String PING = "/ping";

  private static final long BODY_LIMIT = 64 * 1024;

  private final StateFeed feed;
  private final Replies replies;

  GrafanaRoutes(StateFeed feed, Replies replies) {
    this.feed = feed;
    this.replies = replies;
  }

  void mount(Router router) {
    router
        .route(QUERY)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .method(HttpMethod.POST)
        .handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT))
        .handler(this::query)
        .failureHandler(this::failed);
    router
        .route(QUERY)
        .handler(context -> replies.notAllowed(context.request(), QUERY, "GET, HEAD, POST"));
    router
        .route(PING)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(context -> replies.nothing(context.request(), PING));
    router.route(PING).handler(context -> replies.notAllowed(context.request(), PING, "GET, HEAD"));
  }

  private void query(RoutingContext context) {
    HttpServerRequest request = context.request();
    String text = text(request);
    if (text == null) {
      refuse(request, 400, "missing required parameter \"q\" (expected: " + forms() + ")");
      return;
    }
    List<GrafanaQuery> statements;
    try {
      statements = GrafanaQuery.parse(text);
    } catch (IllegalArgumentException e) {
      refuse(request, 400, String.valueOf(e.getMessage()));
      return;
    }
    Snapshot snapshot = feed.snapshot();
    if (snapshot == null) {
      request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
      refuse(request, 503, Replies.NOT_READY.detail());
    } else {
      answer(request, 200, GrafanaJson.answer(statements, list(snapshot)));
    }
  }

  /** The parameter in the URL, or in the form that was posted. */
  private static @Nullable String text(HttpServerRequest request) {
    String inUrl = request.params().get("q");
    return inUrl == null ? request.formAttributes().get("q") : inUrl;
  }

  private static String forms() {
    return GrafanaQuery.Kind.forms();
  }

  /** What was published last or is on its way, with Kafka away too. */
  private static List<EnvironmentInfo> list(Snapshot snapshot) {
    return snapshot.state().activeRuns().values().stream()
        .sorted(EnvironmentInfo.LIST_ORDER)
        .toList();
  }

  private void failed(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (context.statusCode() == 413) {
      refuse(request, 413, "body: too large (expected: at most " + BODY_LIMIT + " bytes)");
    } else if (context.statusCode() == 400
        || context.failure() instanceof IllegalArgumentException) {
      refuse(request, 400, "parameters: not well formed (expected: percent-encoded UTF-8)");
    } else {
      replies.failed(request, QUERY, context.failure());
    }
  }

  private void refuse(HttpServerRequest request, int status, String detail) {
    answer(request, status, GrafanaJson.error(detail));
  }

  private void answer(HttpServerRequest request, int status, JsonObject json) {
    replies.body(request, QUERY, status, Replies.JSON, json.toBuffer());
  }
}
