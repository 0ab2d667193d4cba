package io.aliecs.relay.web.api.json;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** The timeline of an environment, as {@code openapi.json} describes it. Pure functions. */
final class TimelineJson {
  private TimelineJson() {}

  /** Every step that is known, oldest first, each message with what became of it. */
  static JsonArray of(RelayState state, Environment environment) {
    MessageFates fates = new MessageFates(state, environment);
    JsonArray timeline = new JsonArray();
    for (int i = 0; i < environment.timeline().size(); i++) {
      timeline.add(step(environment.timeline().get(i), messages(environment, i, fates)));
    }
    return timeline;
  }

  private static JsonArray messages(Environment environment, int step, MessageFates fates) {
    JsonArray messages = new JsonArray();
    for (String topic : environment.timeline().get(step).topics()) {
      MessageFates.Fate fate = fates.of(step, topic);
      messages.add(
          new JsonObject()
              .put("topic", topic)
              .put("runNumber", fates.runOf(step, topic))
              .put("status", fate.status())
              .put("late", fate.late())
              .put("reason", fate.reason()));
    }
    return messages;
  }

  private static JsonObject step(TimelineEntry step, JsonArray messages) {
    return new JsonObject()
        .put("eventId", step.eventId())
        .put("timestamp", step.timestamp())
        .put("moment", step.type().name())
        .put("transition", ApiJson.name(step.transition()))
        .put("state", ApiJson.shown(step.state()))
        .put("runNumber", step.runNumber())
        .put("adopted", step.adopted())
        .put("source", source(step.source()))
        .put("reason", ApiJson.textOrNull(step.reason()))
        .put("messages", messages);
  }

  private static @Nullable JsonObject source(@Nullable SourcePosition source) {
    return source == null
        ? null
        : new JsonObject()
            .put("topic", source.partition().topic())
            .put("partition", source.partition().partition())
            .put("offset", source.offset());
  }
}
