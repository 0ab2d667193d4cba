package io.aliecs.relay.web.grafana;

import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
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
public record GrafanaRoutes(StateFeed feed, Replies replies) implements Feature {
  static final String QUERY = "/query";
  static final String PING = "/ping";

  private static final long BODY_LIMIT = 64 * 1024;

  @Override
  public void mount(Routes routes) {
    routes.ask(
        QUERY,
        BODY_LIMIT,
        this::query,
        (request, problem) -> refuse(request, problem.status(), problem.detail()));
    routes.read(PING, context -> replies.nothing(context.request(), PING));
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

  private void refuse(HttpServerRequest request, int status, String detail) {
    answer(request, status, GrafanaJson.error(detail));
  }

  private void answer(HttpServerRequest request, int status, JsonObject json) {
    replies.json(request, QUERY, status, json);
  }
}
