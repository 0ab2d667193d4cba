package io.aliecs.relay.publisher;

import io.aliecs.relay.domain.Command.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Kafka refuses for good, as far as a session has learnt it: topics that take nothing, and how
 * large a record of a topic was that was too large. What is as large will be refused as well; it is
 * parked without being tried, or each would cost an aborted transaction. Not thread safe.
 */
final class Refusals {
  private final Map<String, String> blockedTopics;
  private final Map<String, TooLarge> tooLarge = new HashMap<>();

  private record TooLarge(int size, String reason) {}

  /**
   * What is known when a session begins.
   *
   * @param blockedTopics topics that take nothing, each with the reason
   */
  Refusals(Map<String, String> blockedTopics) {
    this.blockedTopics = Map.copyOf(blockedTopics);
  }

  /** Topics that take nothing, each with the reason. */
  Map<String, String> blockedTopics() {
    return blockedTopics;
  }

  /** Kafka has just refused a record as too large. */
  void tooLarge(RecordBatch.Item item, String why) {
    TooLarge known = tooLarge.get(item.topic());
    if (known == null || item.size() < known.size()) {
      String reason = "topic " + item.topic() + ", " + item.size() + " bytes: " + why;
      tooLarge.put(item.topic(), new TooLarge(item.size(), reason));
    }
  }

  /** What was too large for a topic may fit now: it is tried again. */
  void forgetTooLarge(Set<String> topics) {
    tooLarge.keySet().removeAll(topics);
  }

  /** The records of a batch that need not be tried. */
  List<Refusal> of(RecordBatch batch) {
    return batch.records().stream().flatMap(item -> of(item).stream()).toList();
  }

  private Optional<Refusal> of(RecordBatch.Item item) {
    String blocked = blockedTopics.get(item.topic());
    if (blocked != null) {
      return Optional.of(new Refusal(item.sequence(), item.topic(), blocked, true));
    }
    TooLarge known = tooLarge.get(item.topic());
    return known == null || item.size() < known.size()
        ? Optional.empty()
        : Optional.of(new Refusal(item.sequence(), item.topic(), known.reason(), false));
  }
}
