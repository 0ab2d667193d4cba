package io.aliecs.relay.web.grafana;

import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Routes;
import io.aliecs.relay.web.state.Snapshot;
import io.aliecs.relay.web.state.StateFeed;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers dashboards that look at the published list as at an InfluxDB 1. Errors have the form that
 * they show. For one event loop.
 */
public record GrafanaRoutes(StateFeed feed) implements Feature {
  static final String QUERY = "/query";
  static final String PING = "/ping";

  private static final long BODY_LIMIT = 64 * 1024;

  @Override
  public void mount(Routes routes) {
    routes.ask(
        QUERY, BODY_LIMIT, this::query, problem -> error(problem.status(), problem.detail()));
    routes.read(PING, context -> Answer.NO_CONTENT);
  }

  private Answer query(RoutingContext context) {
    String text = text(context.request());
    if (text == null) {
      throw new Problem.BadRequest(
          "missing required parameter \"q\" (expected: " + GrafanaQuery.Kind.forms() + ")");
    }
    List<GrafanaQuery> statements = GrafanaQuery.parse(text);
    Snapshot snapshot = feed.snapshot();
    return snapshot == null
        ? error(503, StateFeed.UNKNOWN.detail()).with(HttpHeaders.RETRY_AFTER, "1")
        : Answer.json(200, GrafanaJson.answer(statements, list(snapshot)));
  }

  /** The parameter in the URL, or in the form that was posted. */
  private static @Nullable String text(HttpServerRequest request) {
    String inUrl = request.params().get("q");
    return inUrl == null ? request.formAttributes().get("q") : inUrl;
  }

  /** What was published last or is on its way, with Kafka away too. */
  private static List<EnvironmentInfo> list(Snapshot snapshot) {
    return snapshot.state().activeRuns().values().stream()
        .sorted(EnvironmentInfo.LIST_ORDER)
        .toList();
  }

  private static Answer error(int status, String detail) {
    return Answer.json(status, new JsonObject().put("error", detail));
  }
}
