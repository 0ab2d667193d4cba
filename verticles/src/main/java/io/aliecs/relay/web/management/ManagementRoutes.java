package io.aliecs.relay.web.management;

import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Routes;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;

/** Health and metrics, on a port of their own. For one event loop. */
public record ManagementRoutes(Vertx vertx, Health health, PrometheusMeterRegistry registry)
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
    routes.read(LIVE, context -> answer(health.live()));
    routes.read(STARTED, context -> answer(health.started()));
    routes.readLater(READY, context -> health.ready().map(ManagementRoutes::answer));
    routes.readLater(METRICS, context -> metrics());
  }

  private Future<Answer> metrics() {
    return vertx
        .executeBlocking(() -> Buffer.buffer(registry.scrape()), false)
        .map(text -> new Answer(200, METRICS_TYPE, text, null, Map.of()));
  }

  private static Answer answer(List<Check> checks) {
    return Answer.json(Check.allUp(checks) ? 200 : 503, Check.toJson(checks));
  }
}
