package io.aliecs.relay.web.api;

import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.web.api.json.ApiJson;
import io.aliecs.relay.web.api.json.ClusterJson;
import io.aliecs.relay.web.api.json.Documents;
import io.aliecs.relay.web.api.json.EnvironmentFilter;
import io.aliecs.relay.web.api.json.SettingsJson;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Audit;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Problem;
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
import org.jspecify.annotations.Nullable;

/** The routes of the API. For one event loop. */
public final class ApiRoutes implements Feature {
  public static final String RUNS = "/api/v1/runs";
  static final String ENVIRONMENTS = "/api/v1/environments";
  static final String ENVIRONMENT = "/api/v1/environments/:id";
  static final String SETTINGS = "/api/v1/settings";
  static final String DELIVERY = "/api/v1/delivery";
  static final String CLUSTER = "/api/v1/cluster";
  static final String STATISTICS = "/api/v1/statistics";
  static final String CHANGES = "/api/v1/changes";

  private final StateFeed feed;
  private final HostStatus host;
  private final Documents documents = new Documents();
  private final List<EffectiveSetting> settings;
  private final Activity activity;
  private final Audit audit;
  private final InstantSource clock;

  /**
   * @param settings of this host
   */
  public ApiRoutes(
      Vertx vertx,
      StateFeed feed,
      List<EffectiveSetting> settings,
      Activity activity,
      Audit audit,
      InstantSource clock) {
    this.feed = feed;
    this.host = new HostStatus(vertx);
    this.settings = settings;
    this.activity = activity;
    this.audit = audit;
    this.clock = clock;
  }

  @Override
  public void mount(Routes routes) {
    routes.read(RUNS, feed.whenKnown(this::runs));
    routes.read(ENVIRONMENTS, feed.whenKnown(this::environments));
    routes.read(ENVIRONMENT, feed.whenKnown(this::environment));
    routes.readLater(SETTINGS, feed.whenKnownLater((context, known) -> settings(known)));
    routes.readLater(DELIVERY, feed.whenKnownLater((context, known) -> delivery(known)));
    routes.readLater(CLUSTER, context -> cluster());
    routes.read(STATISTICS, context -> Answer.tagged(activity.toJson(clock.millis())));
    routes.read(CHANGES, context -> Answer.tagged(new JsonObject().put("changes", audit.last())));
  }

  /**
   * The runs, which are asked for most, by the shortest way; null when they are not made yet or the
   * request is not that simple.
   */
  public @Nullable Answer shortcut(HttpServerRequest request) {
    Snapshot snapshot = feed.snapshot();
    return snapshot != null && RUNS.equals(request.uri()) && HttpMethod.GET.equals(request.method())
        ? documents.runsIfMade(snapshot)
        : null;
  }

  private Answer runs(RoutingContext context, Snapshot snapshot) {
    return documents.runs(snapshot, EnvironmentFilter.of(context.request(), false));
  }

  private Answer environments(RoutingContext context, Snapshot snapshot) {
    return documents.environments(snapshot, EnvironmentFilter.of(context.request(), true));
  }

  private Answer environment(RoutingContext context, Snapshot snapshot) {
    String id = context.pathParam("id");
    Environment environment = snapshot.state().find(id);
    return environment == null
        ? Answer.problem(
            404,
            "environment: " + Problem.shown(id) + " (expected: an id from " + ENVIRONMENTS + ")")
        : documents.environment(snapshot, environment);
  }

  private Future<Answer> settings(Snapshot snapshot) {
    var read = host.settings();
    var publisher = host.publisher();
    return Future.all(read, publisher)
        .map(
            both ->
                Answer.tagged(
                    SettingsJson.settings(
                        snapshot, read.result().status(), publisher.result().status(), settings)));
  }

  private Future<Answer> delivery(Snapshot snapshot) {
    var ingest = host.ingest();
    var publisher = host.publisher();
    var core = host.comparison();
    return Future.all(ingest, publisher, core)
        .map(
            all ->
                Answer.tagged(
                    ApiJson.delivery(
                        snapshot,
                        ingest.result().status(),
                        publisher.result().status(),
                        core.result().status())));
  }

  private Future<Answer> cluster() {
    return host.cluster()
        .map(
            asked ->
                asked
                    .status()
                    .map(status -> Answer.tagged(ClusterJson.cluster(status)))
                    .orElseGet(() -> clusterUnknown(asked.silence())));
  }

  private static Answer clusterUnknown(String why) {
    String detail = "the journal of this host: " + why + " (expected: an open one; repeat)";
    return Answer.problem(503, detail).with(HttpHeaders.RETRY_AFTER, "1");
  }
}
