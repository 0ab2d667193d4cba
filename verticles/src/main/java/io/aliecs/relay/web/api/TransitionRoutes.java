package io.aliecs.relay.web.api;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * Takes events of applications outside, with the token, and gives them to the bus of this host:
 * one, or several in their order, each when the one before is safe.
 */
public record TransitionRoutes(Vertx vertx, Replies replies) implements Feature {
  static final String TRANSITIONS = "/api/v1/transitions";

  /** The most events of one request. */
  static final int MOST = 500;

  private static final long BODY_LIMIT = 1024 * 1024;
  private static final String EXPECTED =
      " (expected: an event, or an array of 1 to " + MOST + " events)";
  private static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  @Override
  public void mount(Routes routes) {
    routes.events(TRANSITIONS, BODY_LIMIT, this::take);
  }

  private void problem(RoutingContext context, Problem problem) {
    replies.problem(context.request(), TRANSITIONS, problem);
  }

  private void take(RoutingContext context) {
    Object body;
    try {
      body = Json.decodeValue(context.body().buffer());
    } catch (DecodeException | NullPointerException e) {
      body = null;
    }
    if (body instanceof JsonObject event) {
      send(event)
          .onSuccess(reply -> ok(context, reply))
          .onFailure(why -> untaken(context, "", why));
    } else if (body instanceof JsonArray events && isBatch(events)) {
      sendAll(context, events, new JsonArray());
    } else {
      problem(context, new Problem(400, "body: no such thing" + EXPECTED));
    }
  }

  private static boolean isBatch(JsonArray events) {
    return !events.isEmpty()
        && events.size() <= MOST
        && events.stream().allMatch(JsonObject.class::isInstance);
  }

  private Future<JsonObject> send(JsonObject event) {
    return vertx
        .eventBus()
        .<JsonObject>request(BusAddresses.ENVIRONMENT_TRANSITION, event, LOCAL)
        .map(reply -> reply.body());
  }

  private void sendAll(RoutingContext context, JsonArray events, JsonArray taken) {
    int next = taken.size();
    if (next == events.size()) {
      ok(context, new JsonObject().put("version", 1).put("replies", taken));
      return;
    }
    send(events.getJsonObject(next))
        .onSuccess(reply -> sendAll(context, events, taken.add(reply)))
        .onFailure(
            why -> untaken(context, next + " before it are safe; event " + next + ": ", why));
  }

  private void ok(RoutingContext context, JsonObject reply) {
    replies.json(context.request(), TRANSITIONS, 200, reply);
  }

  private void untaken(RoutingContext context, String which, Throwable why) {
    int status = status(why);
    if (status == 503) {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
    }
    problem(context, new Problem(status, which + why.getMessage()));
  }

  private static int status(Throwable why) {
    if (FailureCode.REFUSED.is(why)) {
      return 400;
    }
    return FailureCode.UNKNOWN_ENVIRONMENT.is(why) ? 404 : 503;
  }
}
