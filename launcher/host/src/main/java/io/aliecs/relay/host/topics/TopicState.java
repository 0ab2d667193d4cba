package io.aliecs.relay.host.topics;

import io.aliecs.relay.host.tail.RecordSummary;
import io.aliecs.relay.publisher.topics.TopicReport;
import java.util.List;
import java.util.Optional;

/**
 * One of the topics that the relay publishes to.
 *
 * @param last its newest committed message, if it has any
 */
record TopicState(TopicReport report, Optional<LastMessage> last) {
  /**
   * The newest message that a reader of committed records can get.
   *
   * @param timestamp when it was written, by the clock of the relay that wrote it, ms since epoch
   * @param key as text; empty where it has none
   * @param sequence its header {@code ce_sequence}; empty where it has none
   */
  record LastMessage(
      int partition,
      long offset,
      long timestamp,
      String key,
      String sequence,
      RecordSummary summary) {}

  String name() {
    return report.name();
  }

  Optional<TopicReport.Found> found() {
    return report.found();
  }

  /** From what the relay would have made: what is found, and what is expected. */
  List<String> differences() {
    return report.differences().stream()
        .map(one -> one.setting() + " is " + one.found() + " (expected: " + one.expected() + ")")
        .toList();
  }

  boolean isAsExpected() {
    return found().isPresent() && report.differences().isEmpty();
  }
}
