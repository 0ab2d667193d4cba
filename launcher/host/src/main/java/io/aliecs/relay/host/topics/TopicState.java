package io.aliecs.relay.host.topics;

import io.aliecs.relay.host.tail.RecordSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of the topics that the relay publishes to.
 *
 * @param found the topic, if it is there
 * @param differences from what the relay would have made: what is found, and what is expected
 * @param last its newest committed message, if it has any
 */
record TopicState(
    String name, Optional<Found> found, List<String> differences, Optional<LastMessage> last) {
  TopicState {
    differences = List.copyOf(differences);
  }

  /**
   * A topic that is there.
   *
   * @param replication copies of the partition that has the fewest
   * @param settings by Kafka's names; empty where they may not be read
   */
  record Found(int partitions, int replication, Map<String, String> settings) {
    Found {
      settings = Map.copyOf(settings);
    }
  }

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

  boolean isAsExpected() {
    return found.isPresent() && differences.isEmpty();
  }
}
