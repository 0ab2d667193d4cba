package io.aliecs.relay.host.topics;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** Topics for programs. Pure. */
final class TopicsJson {
  private TopicsJson() {}

  /** All of them in one object. */
  static JsonObject of(List<TopicState> states) {
    JsonArray topics = new JsonArray();
    states.forEach(state -> topics.add(json(state)));
    return new JsonObject()
        .put("asExpected", states.stream().allMatch(TopicState::isAsExpected))
        .put("topics", topics);
  }

  private static JsonObject json(TopicState state) {
    JsonObject json =
        new JsonObject().put("topic", state.name()).put("there", state.found().isPresent());
    state
        .found()
        .ifPresent(
            found ->
                json.put("partitions", found.partitions())
                    .put("replication", found.replication())
                    .put("cleanupPolicy", found.settings().get(TopicConfig.CLEANUP_POLICY_CONFIG))
                    .put(
                        "retentionMs",
                        number(found.settings().get(TopicConfig.RETENTION_MS_CONFIG)))
                    .put("differences", new JsonArray(state.differences())));
    state
        .last()
        .ifPresent(
            last ->
                json.put(
                    "last",
                    new JsonObject()
                        .put("partition", last.partition())
                        .put("offset", last.offset())
                        .put("timestamp", last.timestamp())
                        .put("key", last.key())
                        .put("sequence", last.sequence())
                        .put("kind", last.summary().kind())
                        .put("content", last.summary().content())));
    return json;
  }

  private static @Nullable Long number(@Nullable String text) {
    return text == null ? null : Long.valueOf(text);
  }
}
