package io.aliecs.relay.host.topics;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.apache.kafka.common.config.TopicConfig;

/** Reports for programs. Pure. */
final class TopicsJson {
  private TopicsJson() {}

  /** All of them in one object. */
  static JsonObject of(List<TopicReport> reports) {
    JsonArray topics = new JsonArray();
    reports.forEach(report -> topics.add(json(report)));
    return new JsonObject()
        .put("asExpected", reports.stream().allMatch(TopicReport::isAsExpected))
        .put("topics", topics);
  }

  private static JsonObject json(TopicReport report) {
    JsonObject json =
        new JsonObject().put("topic", report.name()).put("there", report.found().isPresent());
    report
        .found()
        .ifPresent(
            found ->
                json.put("partitions", found.partitions())
                    .put("replication", found.replication())
                    .put("cleanupPolicy", found.settings().get(TopicConfig.CLEANUP_POLICY_CONFIG))
                    .put("retentionMs", found.settings().get(TopicConfig.RETENTION_MS_CONFIG))
                    .put("differences", new JsonArray(report.differences())));
    report
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
}
