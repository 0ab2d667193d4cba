package io.aliecs.relay.web.api;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Problem;
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
public record TransitionRoutes(Vertx vertx) implements Feature {
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

  private Future<Answer> take(RoutingContext context) {
    Object body;
    try {
      body = Json.decodeValue(context.body().buffer());
    } catch (DecodeException | NullPointerException e) {
      body = null;
    }
    if (body instanceof JsonObject event) {
      return send(event).map(reply -> Answer.json(200, reply)).otherwise(why -> untaken("", why));
    }
    if (body instanceof JsonArray events && isBatch(events)) {
      return sendAll(events, new JsonArray());
    }
    throw new Problem.BadRequest("body: no such thing" + EXPECTED);
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

  private Future<Answer> sendAll(JsonArray events, JsonArray taken) {
    int next = taken.size();
    if (next == events.size()) {
      return Future.succeededFuture(
          Answer.json(200, new JsonObject().put("version", 1).put("replies", taken)));
    }
    return send(events.getJsonObject(next))
        .transform(
            reply ->
                reply.succeeded()
                    ? sendAll(events, taken.add(reply.result()))
                    : Future.succeededFuture(
                        untaken(
                            next + " before it are safe; event " + next + ": ", reply.cause())));
  }

  private static Answer untaken(String which, Throwable why) {
    int status = status(why);
    Answer problem = Answer.problem(status, which + why.getMessage());
    return status == 503 ? problem.with(HttpHeaders.RETRY_AFTER, "1") : problem;
  }

  private static int status(Throwable why) {
    if (FailureCode.REFUSED.is(why)) {
      return 400;
    }
    return FailureCode.UNKNOWN_ENVIRONMENT.is(why) ? 404 : 503;
  }
}
