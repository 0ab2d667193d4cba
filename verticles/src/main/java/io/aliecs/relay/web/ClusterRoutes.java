package io.aliecs.relay.web;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ClusterChange;
import io.aliecs.relay.bus.ClusterStatus;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Adds, replaces and removes hosts of the cluster when asked to with the token. */
final class ClusterRoutes {
  static final String HOSTS = "/api/v1/cluster/hosts";
  static final String HOST = "/api/v1/cluster/hosts/:id";

  private static final Logger LOG = LoggerFactory.getLogger(ClusterRoutes.class);
  private static final Set<String> FIELDS = Set.of("id", "address", "replaces");
  private static final String BODY =
      " (expected: {\"id\": \"…\", \"address\": \"host:port\"}, and \"replaces\": \"…\" for one"
          + " that goes)";
  private static final long BODY_LIMIT = 4 * 1024;

  /** A new host gets the whole journal first. */
  private static final DeliveryOptions PATIENT =
      new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(120_000);

  private final Vertx vertx;
  private final Replies replies;
  private final ControlToken token;

  ClusterRoutes(Vertx vertx, Replies replies, ControlToken token) {
    this.vertx = vertx;
    this.replies = replies;
    this.token = token;
  }

  void mount(Router router) {
    router
        .post(HOSTS)
        .handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT))
        .handler(context -> authorize(context, HOSTS, ClusterRoutes::asked))
        .failureHandler(context -> failed(context, HOSTS));
    router.route(HOSTS).handler(context -> methodNotAllowed(context, HOSTS, HttpMethod.POST));
    router
        .delete(HOST)
        .handler(
            context ->
                authorize(context, HOST, asked -> ClusterChange.remove(asked.pathParam("id"))))
        .failureHandler(context -> failed(context, HOST));
    router.route(HOST).handler(context -> methodNotAllowed(context, HOST, HttpMethod.DELETE));
  }

  private void authorize(
      RoutingContext context, String route, Function<RoutingContext, ClusterChange> asked) {
    token
        .check(context.request())
        .onSuccess(
            refusal ->
                refusal.ifPresentOrElse(
                    problem -> refuse(context, route, problem),
                    () -> change(context, route, asked)))
        .onFailure(context::fail);
  }

  private void refuse(RoutingContext context, String route, Problem problem) {
    context.response().putHeader("WWW-Authenticate", "Bearer");
    replies.problem(context.request(), route, problem);
  }

  private void change(
      RoutingContext context, String route, Function<RoutingContext, ClusterChange> asked) {
    ClusterChange change;
    try {
      change = asked.apply(context);
    } catch (IllegalArgumentException e) {
      replies.problem(context.request(), route, new Problem(400, String.valueOf(e.getMessage())));
      return;
    }
    vertx
        .eventBus()
        .<ClusterStatus>request(BusAddresses.CLUSTER_CHANGE, change, PATIENT)
        .onSuccess(
            done ->
                replies.body(
                    context.request(),
                    route,
                    200,
                    Replies.JSON,
                    ClusterJson.cluster(done.body()).toBuffer()))
        .onFailure(
            failure ->
                replies.problem(
                    context.request(),
                    route,
                    new Problem(
                        FailureCode.REFUSED.is(failure) ? 409 : 503,
                        String.valueOf(failure.getMessage()))));
  }

  private static ClusterChange asked(RoutingContext context) {
    JsonObject body;
    try {
      body = context.body().asJsonObject();
    } catch (DecodeException | ClassCastException e) {
      body = null;
    }
    if (body == null) {
      throw new IllegalArgumentException("body: not an object" + BODY);
    }
    for (String field : body.fieldNames()) {
      if (!FIELDS.contains(field)) {
        throw new IllegalArgumentException(Problem.shown(field) + ": unknown field" + BODY);
      }
    }
    ClusterHost host = ClusterHost.of(text(body, "id"), text(body, "address"));
    return body.containsKey("replaces")
        ? ClusterChange.replace(text(body, "replaces"), host)
        : ClusterChange.add(host);
  }

  private static String text(JsonObject body, String field) {
    if (body.getValue(field) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException(field + ": absent or not a text" + BODY);
  }

  private void failed(RoutingContext context, String route) {
    if (context.statusCode() == 413) {
      String detail = "body: too large (expected: at most " + BODY_LIMIT + " bytes)";
      replies.problem(context.request(), route, new Problem(413, detail));
    } else {
      LOG.error("{} failed", route, context.failure());
      replies.problem(
          context.request(), route, new Problem(500, "an error of the relay; its log says more"));
    }
  }

  private void methodNotAllowed(RoutingContext context, String route, HttpMethod allowed) {
    context.response().putHeader(HttpHeaders.ALLOW, allowed.name());
    String found = context.request().method().name();
    String detail = "method: " + found + " (expected: " + allowed.name() + ")";
    replies.problem(context.request(), route, new Problem(405, detail));
  }
}
