package io.aliecs.relay.web.api;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.web.api.json.ClusterJson;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.JsonBody;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.Supplier;

/** Adds, replaces and removes hosts of the cluster when asked to with the token. */
public record ClusterRoutes(Vertx vertx) implements Feature {
  static final String HOSTS = "/api/v1/cluster/hosts";
  static final String HOST = "/api/v1/cluster/hosts/:id";

  private static final Set<String> FIELDS = Set.of("id", "address", "replaces");
  private static final String BODY =
      " (expected: {\"id\": \"…\", \"address\": \"host:port\"}, and \"replaces\": \"…\" for one"
          + " that goes)";
  private static final long BODY_LIMIT = 4 * 1024;

  /** A new host gets the whole journal first. */
  private static final DeliveryOptions PATIENT =
      new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(120_000);

  @Override
  public void mount(Routes routes) {
    routes.change(HttpMethod.POST, HOSTS, BODY_LIMIT, context -> change(asked(context)));
    routes.change(
        HttpMethod.DELETE,
        HOST,
        BODY_LIMIT,
        context -> change(checked(() -> ClusterChange.remove(context.pathParam("id")))));
  }

  private Future<Answer> change(ClusterChange change) {
    return vertx
        .eventBus()
        .<ClusterStatus>request(BusAddresses.CLUSTER_CHANGE, change, PATIENT)
        .map(done -> Answer.json(200, ClusterJson.cluster(done.body())))
        .otherwise(
            failure ->
                Answer.problem(
                    FailureCode.REFUSED.is(failure) ? 409 : 503,
                    String.valueOf(failure.getMessage())));
  }

  private static ClusterChange asked(RoutingContext context) {
    JsonObject body = JsonBody.of(context, FIELDS, BODY);
    String id = text(body, "id");
    String address = text(body, "address");
    String replaces = body.containsKey("replaces") ? text(body, "replaces") : null;
    return checked(
        () -> {
          ClusterHost host = ClusterHost.of(id, address);
          return replaces == null ? ClusterChange.add(host) : ClusterChange.replace(replaces, host);
        });
  }

  private static ClusterChange checked(Supplier<ClusterChange> change) {
    try {
      return change.get();
    } catch (IllegalArgumentException wrong) {
      throw new Problem.BadRequest(String.valueOf(wrong.getMessage()), wrong);
    }
  }

  private static String text(JsonObject body, String field) {
    if (body.getValue(field) instanceof String text) {
      return text;
    }
    throw new Problem.BadRequest(field + ": absent or not a text" + BODY);
  }
}
