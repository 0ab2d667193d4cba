package io.aliecs.relay.publisher.topics;

import java.util.List;
import java.util.Optional;

/**
 * One of the topics that the relay writes to, as it is at the brokers.
 *
 * @param name of the topic
 * @param presence whether it is there
 * @param writable whether this user may write to it; empty where brokers do not say, or it is not
 *     there
 * @param refusal why it could not be made, were it tried; empty where it could, or is there
 * @param differences what is not as the relay would have made it; none where brokers do not say
 */
public record TopicReport(
    String name,
    Presence presence,
    Optional<Boolean> writable,
    String refusal,
    List<Difference> differences) {

  public TopicReport {
    differences = List.copyOf(differences);
  }

  /** Whether a topic is there. */
  public enum Presence {
    /** It is there, and takes records as far as brokers tell. */
    THERE,
    /** It is there, and a partition of it has no leader: it takes none. */
    LEADERLESS,
    /** It is not there, or hidden from this user. */
    ABSENT
  }

  /**
   * A setting of a topic that is another one than the relay would have made.
   *
   * @param setting in Kafka's words
   */
  public record Difference(String setting, String found, String expected) {}
}
