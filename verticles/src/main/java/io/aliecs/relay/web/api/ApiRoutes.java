package io.aliecs.relay.web.api;

import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.web.api.json.ApiJson;
import io.aliecs.relay.web.api.json.ClusterJson;
import io.aliecs.relay.web.api.json.Documents;
import io.aliecs.relay.web.api.json.EnvironmentFilter;
import io.aliecs.relay.web.api.json.SettingsJson;
import io.aliecs.relay.web.http.Document;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;
import io.aliecs.relay.web.state.HostStatus;
import io.aliecs.relay.web.state.Snapshot;
import io.aliecs.relay.web.state.StateFeed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The routes of the API. For one event loop. */
public final class ApiRoutes implements Feature {
  public static final String OPENAPI = "/api/v1/openapi.json";
  static final String RUNS = "/api/v1/runs";
  static final String ENVIRONMENTS = "/api/v1/environments";
  static final String ENVIRONMENT = "/api/v1/environments/:id";
  static final String SETTINGS = "/api/v1/settings";
  static final String DELIVERY = "/api/v1/delivery";
  static final String CLUSTER = "/api/v1/cluster";
  static final String STATISTICS = "/api/v1/statistics";

  private final StateFeed feed;
  private final Replies replies;
  private final HostStatus host;
  private final Documents documents = new Documents();
  private final Document openApi;
  private final Activity activity;
  private final List<EffectiveSetting> settings;
  private final InstantSource clock;

  /**
   * The routes.
   *
   * @param settings of this host
   */
  public ApiRoutes(
      Vertx vertx,
      StateFeed feed,
      Replies replies,
      Document openApi,
      List<EffectiveSetting> settings,
      Activity activity,
      InstantSource clock) {
    this.settings = settings;
    this.activity = activity;
    this.clock = clock;
    this.host = new HostStatus(vertx);
    this.openApi = openApi;
    this.feed = feed;
    this.replies = replies;
  }

  @Override
  public void mount(Routes routes) {
    routes.read(RUNS, replies.whenReady(RUNS, feed, this::runs));
    routes.read(ENVIRONMENTS, replies.whenReady(ENVIRONMENTS, feed, this::environments));
    routes.read(ENVIRONMENT, replies.whenReady(ENVIRONMENT, feed, this::environment));
    routes.read(SETTINGS, replies.whenReady(SETTINGS, feed, this::settings));
    routes.read(DELIVERY, replies.whenReady(DELIVERY, feed, this::delivery));
    routes.read(CLUSTER, this::cluster);
    routes.read(STATISTICS, this::statistics);
    routes.read(OPENAPI, context -> replies.document(context.request(), OPENAPI, openApi));
  }

  /**
   * Answers with the runs, which are asked for most, by the shortest way; false when the request is
   * not that simple.
   */
  public boolean shortcut(HttpServerRequest request) {
    Snapshot snapshot = feed.snapshot();
    Document runs = snapshot == null ? null : documents.runsIfMade(snapshot);
    if (runs == null || !RUNS.equals(request.uri()) || !HttpMethod.GET.equals(request.method())) {
      return false;
    }
    replies.document(request, RUNS, runs);
    return true;
  }

  private void runs(RoutingContext context, Snapshot snapshot) {
    filter(context.request(), RUNS, false)
        .ifPresent(
            filter -> replies.document(context.request(), RUNS, documents.runs(snapshot, filter)));
  }

  private void environments(RoutingContext context, Snapshot snapshot) {
    filter(context.request(), ENVIRONMENTS, true)
        .ifPresent(
            filter ->
                replies.document(
                    context.request(), ENVIRONMENTS, documents.environments(snapshot, filter)));
  }

  /** What is asked for; empty after a request that asks wrongly was told so. */
  private Optional<EnvironmentFilter> filter(
      HttpServerRequest request, String path, boolean withState) {
    try {
      request.params(); // which throws when they are not well formed
    } catch (IllegalArgumentException e) {
      replies.badUrl(request, path);
      return Optional.empty();
    }
    return replies.asked(request, path, () -> EnvironmentFilter.of(request, withState));
  }

  private void delivery(RoutingContext context, Snapshot snapshot) {
    var ingest = host.ingest();
    var publisher = host.publisher();
    var core = host.comparison();
    Future.all(ingest, publisher, core)
        .map(
            all ->
                ApiJson.delivery(
                    snapshot,
                    ingest.result().status(),
                    publisher.result().status(),
                    core.result().status()))
        .onSuccess(json -> replies.document(context.request(), DELIVERY, Document.tagged(json)))
        .onFailure(context::fail);
  }

  private void cluster(RoutingContext context) {
    host.cluster()
        .onSuccess(
            asked ->
                asked
                    .status()
                    .ifPresentOrElse(
                        status ->
                            replies.document(
                                context.request(),
                                CLUSTER,
                                Document.tagged(ClusterJson.cluster(status))),
                        () -> clusterUnknown(context, asked.silence())))
        .onFailure(context::fail);
  }

  private void clusterUnknown(RoutingContext context, String why) {
    context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
    String detail = "the journal of this host: " + why + " (expected: an open one; repeat)";
    replies.problem(context.request(), CLUSTER, new Problem(503, detail));
  }

  private void statistics(RoutingContext context) {
    JsonObject json = activity.toJson(clock.millis());
    replies.document(context.request(), STATISTICS, Document.tagged(json));
  }

  private void environment(RoutingContext context, Snapshot snapshot) {
    String id = context.pathParam("id");
    Environment environment = snapshot.state().find(id);
    if (environment == null) {
      String detail =
          "environment: " + Problem.shown(id) + " (expected: an id from " + ENVIRONMENTS + ")";
      replies.problem(context.request(), ENVIRONMENT, new Problem(404, detail));
      return;
    }
    replies.document(context.request(), ENVIRONMENT, documents.environment(snapshot, environment));
  }

  private void settings(RoutingContext context, Snapshot snapshot) {
    var read = host.settings();
    var publisher = host.publisher();
    Future.all(read, publisher)
        .map(
            both ->
                SettingsJson.settings(
                    snapshot, read.result().status(), publisher.result().status(), settings))
        .onSuccess(json -> replies.document(context.request(), SETTINGS, Document.tagged(json)))
        .onFailure(context::fail);
  }
}
