package io.aliecs.relay.host.topics;

import io.aliecs.relay.host.terminal.Aligned;
import io.aliecs.relay.host.terminal.DurationText;
import io.aliecs.relay.publisher.topics.TopicReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Topics as a table for people, and below it what is not as expected. Pure. */
final class TopicsTable {
  private static final List<String> HEAD =
      List.of("TOPIC", "PARTS", "REPL", "CLEANUP", "LAST", "KEY", "MESSAGE");

  private TopicsTable() {}

  /**
   * The lines.
   *
   * @param now ms since epoch
   */
  static List<String> lines(List<TopicState> topics, long now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    topics.forEach(topic -> rows.add(row(topic, now)));
    List<String> lines = new ArrayList<>(Aligned.lines(rows));
    for (TopicState topic : topics) {
      if (topic.found().isEmpty()) {
        lines.add(absent(topic.name(), topic.report().refusal()));
      }
      topic.differences().forEach(difference -> lines.add(topic.name() + ": " + difference));
    }
    return lines;
  }

  private static String absent(String topic, String refusal) {
    return refusal.isEmpty()
        ? topic + " is not there (expected: made by the relay at its start)"
        : topic
            + " is not there, or hidden from this user, and cannot be made: "
            + refusal
            + " (expected: the topic, or the right Create on it)";
  }

  private static List<String> row(TopicState topic, long now) {
    List<String> row = new ArrayList<>(List.of(topic.name()));
    if (topic.found().isEmpty()) {
      row.add("missing");
      return row;
    }
    TopicReport.Found found = topic.found().get();
    row.add(Integer.toString(found.partitions()));
    row.add(Integer.toString(found.replication()));
    row.add(cleanup(found.settings()));
    if (topic.last().isEmpty()) {
      row.add("none");
      return row;
    }
    TopicState.LastMessage last = topic.last().get();
    row.add(DurationText.of(now - last.timestamp()) + " ago");
    row.add(last.key().isEmpty() ? "-" : last.key());
    row.add((last.summary().kind() + "  " + last.summary().content()).strip());
    return row;
  }

  /** For example {@code delete 7 d 00 h}, {@code compact}, {@code ?}. */
  private static String cleanup(Map<String, String> settings) {
    String policy = settings.get(TopicConfig.CLEANUP_POLICY_CONFIG);
    String retention = settings.get(TopicConfig.RETENTION_MS_CONFIG);
    if (policy == null) {
      return "?";
    }
    return !policy.contains(TopicConfig.CLEANUP_POLICY_DELETE) || retention == null
        ? policy
        : policy
            + " "
            + (retention.equals("-1") ? "never" : DurationText.of(Long.parseLong(retention)));
  }
}
