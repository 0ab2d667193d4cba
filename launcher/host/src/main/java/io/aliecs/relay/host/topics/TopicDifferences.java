package io.aliecs.relay.host.topics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** What is otherwise with a topic than the relay would have made it. Pure. */
final class TopicDifferences {
  private TopicDifferences() {}

  /** One line for each difference that matters to the relay or to readers. */
  static List<String> of(NewTopic expected, TopicReport.Found found) {
    List<String> differences = new ArrayList<>();
    if (found.partitions() != expected.numPartitions()) {
      differences.add(line("partitions", found.partitions(), "" + expected.numPartitions()));
    }
    if (found.replication() < expected.replicationFactor()) {
      differences.add(
          line("replication", found.replication(), expected.replicationFactor() + " or more"));
    }
    if (!found.settings().isEmpty()) {
      settings(expected, found.settings(), differences);
    }
    return differences;
  }

  private static void settings(
      NewTopic expected, Map<String, String> found, List<String> differences) {
    Map<String, String> wanted = expected.configs();
    String policy =
        wanted.getOrDefault(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    String cleanup = found.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    if (cleanup != null && !cleanup.equals(policy)) {
      differences.add(line(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup, policy));
    }
    for (String name :
        List.of(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, TopicConfig.MAX_MESSAGE_BYTES_CONFIG)) {
      String least = wanted.get(name);
      Long is = number(found.get(name));
      if (least != null && is != null && is < Long.parseLong(least)) {
        differences.add(line(name, is, least + " or more"));
      }
    }
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException unheardOf) {
      return null;
    }
  }

  private static String line(String what, Object found, String expected) {
    return what + " is " + found + " (expected: " + expected + ")";
  }
}
