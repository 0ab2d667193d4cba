package io.aliecs.relay.publisher.kafka;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.settings.Requirement;
import java.time.Duration;

/**
 * How the publisher talks to Kafka.
 *
 * @param topics how the topics are called in Kafka
 * @param transactionalId the same on every control host, so that a new leader fences the old one
 * @param partitions of each per-environment topic that the relay creates
 * @param replicationFactor of each topic that the relay creates, −1 for the broker's default
 * @param minInsyncReplicas of each topic that the relay creates
 * @param compactList whether the topic of lists is made so that it keeps only the newest: then it
 *     takes no list without a key, as AliECS's own plugin writes them
 * @param afterStartActivity whether aliecs.after_start_activity is published
 * @param flushTimeout how long what was accepted may still go out after the plugin was turned off
 * @param traced whether messages have the header {@code traceparent}
 * @param clientProperties passed to every Kafka client as they are
 */
public record PublisherOptions(
    TopicNames topics,
    String transactionalId,
    int partitions,
    short replicationFactor,
    int minInsyncReplicas,
    boolean compactList,
    boolean afterStartActivity,
    Duration flushTimeout,
    boolean traced,
    KafkaClientProperties clientProperties) {

  public PublisherOptions {
    Requirement.that(
        !transactionalId.isBlank(), "kafka.transactional-id", transactionalId, "a name");
    Requirement.that(partitions > 0, "kafka.topic.partitions", partitions, "1 or more");
    Requirement.that(
        replicationFactor > 0 || replicationFactor == -1,
        "kafka.topic.replication-factor",
        replicationFactor,
        "1 or more, or -1 for the broker's default");
    Requirement.that(
        minInsyncReplicas > 0 && (replicationFactor < 0 || minInsyncReplicas <= replicationFactor),
        "kafka.topic.min-insync-replicas",
        minInsyncReplicas,
        "1 to the replication factor");
    Requirement.that(!flushTimeout.isNegative(), "kafka.flush-timeout", flushTimeout, "0 or more");
  }

  /** Without the client properties, which may hold secrets. */
  @Override
  public String toString() {
    return "PublisherOptions[transactionalId=" + transactionalId + "]";
  }
}
