package io.aliecs.relay.domain.aliecs;

/** A partition of one of AliECS's topics. */
public record SourcePartition(String topic, int partition) {
  public SourcePartition {
    if (topic.isEmpty() || partition < 0) {
      throw new IllegalArgumentException(
          "source: " + topic + "-" + partition + " (expected: a topic and a partition from 0)");
    }
  }

  /** As Kafka writes it. */
  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
