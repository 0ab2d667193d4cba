package io.aliecs.relay.web;

import io.aliecs.relay.domain.Environment;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the API. For one event loop. */
final class ApiRoutes {
  static final String OPENAPI = "/api/v1/openapi.json";
  static final String RUNS = "/api/v1/runs";
  static final String ENVIRONMENTS = "/api/v1/environments";
  static final String ENVIRONMENT = "/api/v1/environments/:id";
  static final String SETTINGS = "/api/v1/settings";
  static final String DELIVERY = "/api/v1/delivery";
  static final String CLUSTER = "/api/v1/cluster";
  static final String STATISTICS = "/api/v1/statistics";

  private static final Logger LOG = LoggerFactory.getLogger(ApiRoutes.class);
  static final Problem NOT_READY =
      new Problem(503, "the journal is not replayed yet (expected: in seconds; repeat)");

  /** Answers a request from a snapshot. */
  @FunctionalInterface
  private interface Answer {
    void to(RoutingContext context, Snapshot snapshot);
  }

  private final StateFeed feed;
  private final Replies replies;
  private final HostStatus host;
  private final Documents documents = new Documents();
  private final Document openApi;
  private final Activity activity;
  private final InstantSource clock;
  private final Router router;

  ApiRoutes(
      Vertx vertx,
      StateFeed feed,
      Replies replies,
      Document openApi,
      ParkedRoutes parked,
      ClusterRoutes hosts,
      Activity activity,
      InstantSource clock) {
    this.activity = activity;
    this.clock = clock;
    this.host = new HostStatus(vertx);
    this.openApi = openApi;
    this.feed = feed;
    this.replies = replies;
    this.router = router(vertx, parked, hosts);
  }

  /** Answers a request; for the runs, which are asked for most, by the shortest way. */
  void handle(HttpServerRequest request) {
    Snapshot snapshot = feed.snapshot();
    Document runs = snapshot == null ? null : documents.runsIfMade(snapshot);
    if (runs != null && request.uri().equals(RUNS) && request.method().equals(HttpMethod.GET)) {
      replies.document(request, RUNS, runs);
    } else {
      router.handle(request);
    }
  }

  private Router router(Vertx vertx, ParkedRoutes parked, ClusterRoutes hosts) {
    Router router = Router.router(vertx);
    get(router, RUNS, whenReady(RUNS, this::runs));
    get(router, ENVIRONMENTS, whenReady(ENVIRONMENTS, this::environments));
    get(router, ENVIRONMENT, whenReady(ENVIRONMENT, this::environment));
    get(router, SETTINGS, whenReady(SETTINGS, this::settings));
    get(router, DELIVERY, whenReady(DELIVERY, this::delivery));
    get(router, CLUSTER, this::cluster);
    get(router, STATISTICS, this::statistics);
    parked.mount(router);
    hosts.mount(router);
    get(router, OPENAPI, context -> replies.document(context.request(), OPENAPI, openApi));
    router.route().handler(this::notFound);
    router.errorHandler(400, context -> badUrl(context.request(), Replies.NO_ROUTE));
    router.errorHandler(500, context -> failed(context, Replies.NO_ROUTE));
    return router;
  }

  private void get(Router router, String path, Handler<RoutingContext> handler) {
    router
        .route(path)
        .method(HttpMethod.GET)
        .method(HttpMethod.HEAD)
        .handler(handler)
        .failureHandler(context -> failed(context, path));
    router.route(path).handler(context -> methodNotAllowed(context.request(), path));
  }

  private Handler<RoutingContext> whenReady(String path, Answer answer) {
    return context -> {
      Snapshot snapshot = feed.snapshot();
      if (snapshot == null) {
        context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
        replies.problem(context.request(), path, NOT_READY);
      } else {
        answer.to(context, snapshot);
      }
    };
  }

  private void runs(RoutingContext context, Snapshot snapshot) {
    EnvironmentFilter filter = filter(context.request(), RUNS, false);
    if (filter != null) {
      replies.document(context.request(), RUNS, documents.runs(snapshot, filter));
    }
  }

  private void environments(RoutingContext context, Snapshot snapshot) {
    EnvironmentFilter filter = filter(context.request(), ENVIRONMENTS, true);
    if (filter != null) {
      replies.document(context.request(), ENVIRONMENTS, documents.environments(snapshot, filter));
    }
  }

  /** What is asked for, or null after a request that asks wrongly was told so. */
  private @Nullable EnvironmentFilter filter(
      HttpServerRequest request, String path, boolean withState) {
    try {
      request.params(); // which throws when they are not well formed
    } catch (IllegalArgumentException e) {
      badUrl(request, path);
      return null;
    }
    try {
      return EnvironmentFilter.of(request, withState);
    } catch (IllegalArgumentException e) {
      replies.problem(request, path, new Problem(400, String.valueOf(e.getMessage())));
      return null;
    }
  }

  private void delivery(RoutingContext context, Snapshot snapshot) {
    host.publisher()
        .map(asked -> ApiJson.delivery(snapshot, asked.status()))
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
                    snapshot, read.result().status(), publisher.result().status()))
        .onSuccess(json -> replies.document(context.request(), SETTINGS, Document.tagged(json)))
        .onFailure(context::fail);
  }

  private void methodNotAllowed(HttpServerRequest request, String path) {
    request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
    String detail = "method: " + request.method().name() + " (expected: GET or HEAD)";
    replies.problem(request, path, new Problem(405, detail));
  }

  private void notFound(RoutingContext context) {
    String detail =
        "path: "
            + Problem.shown(context.request().path())
            + " (expected: a path of "
            + OPENAPI
            + ")";
    replies.problem(context.request(), Replies.NO_ROUTE, new Problem(404, detail));
  }

  private void badUrl(HttpServerRequest request, String path) {
    String detail = "URL: not well formed (expected: percent-encoded UTF-8)";
    replies.problem(request, path, new Problem(400, detail));
  }

  private void failed(RoutingContext context, String path) {
    LOG.error("{} {} failed", context.request().method(), path, context.failure());
    replies.problem(
        context.request(), path, new Problem(500, "an error of the relay; its log says more"));
  }
}
