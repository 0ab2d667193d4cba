package io.aliecs.relay.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Set;

/** Health and metrics, on a port of their own. For one event loop. */
final class ManagementRoutes {
  static final String LIVE = "/health/live";
  static final String STARTED = "/health/started";
  static final String READY = "/health/ready";
  static final String METRICS = "/metrics";

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final Vertx vertx;
  private final Health health;
  private final PrometheusMeterRegistry registry;
  private final Replies replies;

  ManagementRoutes(Vertx vertx, Health health, PrometheusMeterRegistry registry, Replies replies) {
    this.vertx = vertx;
    this.health = health;
    this.registry = registry;
    this.replies = replies;
  }

  void handle(HttpServerRequest request) {
    String path = String.valueOf(request.path());
    if (!List.of(LIVE, STARTED, READY, METRICS).contains(path)) {
      String detail =
          "path: "
              + Problem.shown(path)
              + " (expected: "
              + String.join(", ", LIVE, STARTED, READY, METRICS)
              + ")";
      replies.problem(request, Replies.NO_ROUTE, new Problem(404, detail));
    } else if (!READING.contains(request.method())) {
      replies.notAllowed(request, path, "GET, HEAD");
    } else {
      answer(request, path);
    }
  }

  private void answer(HttpServerRequest request, String path) {
    switch (path) {
      case LIVE -> health(request, path, health.live());
      case STARTED -> health(request, path, health.started());
      case READY ->
          health
              .ready()
              .onSuccess(checks -> health(request, path, checks))
              .onFailure(failure -> replies.failed(request, path, failure));
      default ->
          vertx
              .executeBlocking(() -> Buffer.buffer(registry.scrape()), false)
              .onSuccess(text -> replies.body(request, path, 200, METRICS_TYPE, text))
              .onFailure(failure -> replies.failed(request, path, failure));
    }
  }

  private void health(HttpServerRequest request, String path, List<Check> checks) {
    Buffer body = Buffer.buffer(Check.toJson(checks).encode());
    replies.body(request, path, Check.allUp(checks) ? 200 : 503, Replies.JSON, body);
  }
}
