package io.aliecs.relay.publisher.topics;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One of the topics that the relay writes to, as it is at the brokers.
 *
 * @param found the topic; empty where it is not there, or hidden from this user
 * @param refusal why it could not be made, were it tried; empty where it could, or is there
 */
public record TopicReport(String name, Optional<Found> found, String refusal) {
  /**
   * A topic that is there.
   *
   * @param replication copies of the partition that has the fewest
   * @param led whether each partition has a leader: otherwise it takes no records
   * @param writable whether this user may write to it; empty where brokers do not report it
   * @param settings by Kafka's names; empty where they may not be read
   * @param differences what is not as the relay would have made it; none where its settings may not
   *     be read
   */
  public record Found(
      int partitions,
      int replication,
      boolean led,
      Optional<Boolean> writable,
      Map<String, String> settings,
      List<Difference> differences) {
    public Found {
      settings = Map.copyOf(settings);
      differences = List.copyOf(differences);
    }
  }

  /**
   * A setting of a topic that is another one than the relay would have made.
   *
   * @param setting in Kafka's words
   */
  public record Difference(String setting, String found, String expected) {}

  /** What is not as the relay would have made it. */
  public List<Difference> differences() {
    return found.map(Found::differences).orElse(List.of());
  }
}
