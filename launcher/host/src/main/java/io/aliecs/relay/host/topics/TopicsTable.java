package io.aliecs.relay.host.topics;

import io.aliecs.relay.host.Aligned;
import io.aliecs.relay.host.DurationText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Reports as a table for people, and below it what is not as expected. Pure. */
final class TopicsTable {
  private static final List<String> HEAD =
      List.of("TOPIC", "PARTS", "REPL", "CLEANUP", "LAST", "KEY", "MESSAGE");

  private TopicsTable() {}

  /**
   * The lines.
   *
   * @param now ms since epoch
   */
  static List<String> lines(List<TopicReport> reports, long now) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    reports.forEach(report -> rows.add(row(report, now)));
    List<String> lines = new ArrayList<>(Aligned.lines(rows));
    for (TopicReport report : reports) {
      if (report.found().isEmpty()) {
        lines.add(report.name() + " is not there (expected: made by the relay at its start)");
      }
      report.differences().forEach(difference -> lines.add(report.name() + ": " + difference));
    }
    return lines;
  }

  private static List<String> row(TopicReport report, long now) {
    List<String> row = new ArrayList<>(List.of(report.name()));
    if (report.found().isEmpty()) {
      row.add("missing");
      return row;
    }
    TopicReport.Found found = report.found().get();
    row.add(Integer.toString(found.partitions()));
    row.add(Integer.toString(found.replication()));
    row.add(cleanup(found.settings()));
    if (report.last().isEmpty()) {
      row.add("none");
      return row;
    }
    TopicReport.LastMessage last = report.last().get();
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
