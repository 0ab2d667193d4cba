package io.aliecs.relay.web.api;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.web.api.json.ApiJson;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Routes;
import io.aliecs.relay.web.state.Snapshot;
import io.aliecs.relay.web.state.StateFeed;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows the messages that Kafka refuses for good, and sends them once more when asked to. */
public record ParkedRoutes(JournalClient journal, StateFeed feed, InstantSource clock)
    implements Feature {
  static final String PARKED = "/api/v1/parked";
  static final String RESEND = "/api/v1/parked/resend";

  private static final Logger LOG = LoggerFactory.getLogger(ParkedRoutes.class);
  private static final long BODY_LIMIT = 256 * 1024;

  @Override
  public void mount(Routes routes) {
    routes.read(PARKED, feed.whenKnown((context, known) -> parked(known)));
    routes.change(
        HttpMethod.POST,
        RESEND,
        BODY_LIMIT,
        feed.whenKnownLater((context, known) -> resend(asked(context, inOrder(known)))));
  }

  private static Answer parked(Snapshot snapshot) {
    JsonArray parked = new JsonArray();
    inOrder(snapshot).forEach(message -> parked.add(json(message)));
    return Answer.tagged(ApiJson.head(snapshot).put("parked", parked));
  }

  private static List<ParkedMessage> inOrder(Snapshot snapshot) {
    return snapshot.state().outbox().parked().values().stream()
        .sorted(Comparator.comparing(ParkedMessage::key))
        .toList();
  }

  private static JsonObject json(ParkedMessage message) {
    return new JsonObject()
        .put("id", id(message))
        .put("environmentId", message.entry().environmentId())
        .put("topic", message.topic())
        .put("timestamp", message.entry().timestamp())
        .put("reason", message.reason())
        .put("awaitsTopic", message.awaitsTopic())
        .put("parkedAt", message.since())
        .put("resending", message.resending());
  }

  private static String id(ParkedMessage message) {
    return message.key().entryId() + ":" + message.topic();
  }

  private Future<Answer> resend(List<ParkedMessage> asked) {
    return journal
        .request(
            new Command.Resent(asked.stream().map(ParkedMessage::key).toList(), clock.millis()))
        .map(
            done -> {
              LOG.info("{} parked messages are resent on request", asked.size());
              return Answer.json(202, new JsonObject().put("resending", asked.size()));
            })
        .otherwise(
            failure ->
                Answer.problem(503, failure.getMessage() + " (expected: the host that leads)"));
  }

  /** Those whose ids are in the body; all when there is no body. */
  private static List<ParkedMessage> asked(RoutingContext context, List<ParkedMessage> parked) {
    if (context.body().isEmpty()) {
      return parked;
    }
    JsonArray ids;
    try {
      ids = context.body().asJsonObject().getJsonArray("ids");
    } catch (DecodeException | ClassCastException | NullPointerException e) {
      ids = null;
    }
    if (ids == null) {
      throw new Problem.BadRequest(
          "body: not an object with ids (expected: {\"ids\": [\"…\"]}, or no body for all)");
    }
    Map<String, ParkedMessage> byId =
        parked.stream().collect(Collectors.toMap(ParkedRoutes::id, Function.identity()));
    List<ParkedMessage> found = new ArrayList<>();
    for (Object id : ids) {
      ParkedMessage message = byId.get(String.valueOf(id));
      if (message == null) {
        throw new Problem.BadRequest(
            "ids: " + Problem.shown(String.valueOf(id)) + " (expected: ids from " + PARKED + ")");
      }
      found.add(message);
    }
    return found;
  }
}
