package io.aliecs.relay.web.management;

import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Health and metrics, on a port of their own. For one event loop. */
public record ManagementRoutes(
    Vertx vertx, Health health, PrometheusMeterRegistry registry, Replies replies)
    implements Feature {
  static final String LIVE = "/health/live";
  static final String STARTED = "/health/started";
  static final String READY = "/health/ready";
  static final String METRICS = "/metrics";

  private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** Which paths there are, for a client that asked for another one. */
  public static final String PATHS = String.join(", ", LIVE, STARTED, READY, METRICS);

  @Override
  public void mount(Routes routes) {
    routes.read(LIVE, context -> health(context.request(), LIVE, health.live()));
    routes.read(STARTED, context -> health(context.request(), STARTED, health.started()));
    routes.read(READY, this::ready);
    routes.read(METRICS, this::metrics);
  }

  private void ready(RoutingContext context) {
    health
        .ready()
        .onSuccess(checks -> health(context.request(), READY, checks))
        .onFailure(context::fail);
  }

  private void metrics(RoutingContext context) {
    vertx
        .executeBlocking(() -> Buffer.buffer(registry.scrape()), false)
        .onSuccess(text -> replies.body(context.request(), METRICS, 200, METRICS_TYPE, text))
        .onFailure(context::fail);
  }

  private void health(HttpServerRequest request, String path, List<Check> checks) {
    replies.json(request, path, Check.allUp(checks) ? 200 : 503, Check.toJson(checks));
  }
}
