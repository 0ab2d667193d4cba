package io.aliecs.relay.publisher;

import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.kafka.TopicLimits;
import io.aliecs.relay.publisher.kafka.WatermarkReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a host that does not lead does to be quick when it must: goes the way of a take-over as far
 * as it can without fencing the one that publishes. It finds out whether Kafka can be reached from
 * here, and has everything in memory afterwards.
 */
final class TakeOverWarmUp {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);

  private TakeOverWarmUp() {}

  /**
   * Blocks for at most some seconds.
   *
   * @throws RuntimeException when Kafka cannot be reached or does not let us
   */
  static void run(List<String> bootstrapServers, PublisherOptions options)
      throws InterruptedException {
    ClientConfig config = new ClientConfig(bootstrapServers, options);
    String topic = WatermarkReader.topic(options);
    TopicPartition watermarks = new TopicPartition(topic, 0);
    try (Admin admin = Admin.create(config.firstAdmin());
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                config.producer(), new StringSerializer(), new ByteArraySerializer());
        KafkaConsumer<String, byte[]> consumer =
            new KafkaConsumer<>(
                config.consumer(), new StringDeserializer(), new ByteArrayDeserializer())) {
      requireWatermark(
          topic, admin.listTopics().names().toCompletionStage().toCompletableFuture().join());
      producer.partitionsFor(topic);
      consumer.assign(List.of(watermarks));
      Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(watermarks), PATIENCE);
      consumer.seek(watermarks, Math.max(0, ends.getOrDefault(watermarks, 0L) - 2));
      var unused = consumer.poll(POLL);
      TopicLimits.hints(admin, List.of(topic));
      producer.close(Duration.ZERO);
    }
  }

  /**
   * A producer that asks for a topic has most brokers make it, with settings of their own: that is
   * left to the host that leads.
   */
  private static void requireWatermark(String topic, Set<String> topics) {
    if (!topics.contains(topic)) {
      throw new KafkaException(
          "topic "
              + topic
              + " is not there yet (expected: made by the host that leads, as soon as it publishes)");
    }
  }
}
