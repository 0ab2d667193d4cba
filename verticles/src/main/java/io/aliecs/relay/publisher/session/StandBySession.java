package io.aliecs.relay.publisher.session;

import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.kafka.WatermarkReader;
import io.aliecs.relay.publisher.topics.TopicPreparation;
import io.aliecs.relay.publisher.topics.TopicPreparation.Prepared;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What a host that does not lead has ready for when it must: connected clients, and what it has
 * found of the topics. Made by going the way of a take-over as far as that fences nobody, so it
 * also finds out whether Kafka can be reached from here. What has changed in Kafka since makes the
 * session that is opened with it fail at worst, and the next one starts from nothing.
 *
 * <p>Every method blocks; for one worker at a time.
 */
public final class StandBySession implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int REHEARSAL_MS = 500;

  private final List<String> bootstrapServers;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaConsumer<String, byte[]> consumer;
  private @Nullable Prepared topics;
  private boolean taken;

  private StandBySession(ClientConfig config) {
    bootstrapServers = config.bootstrapServers();
    producer = config.newProducer();
    try {
      consumer = config.newConsumer();
    } catch (RuntimeException failed) {
      producer.close(Duration.ZERO);
      throw failed;
    }
  }

  /**
   * Makes everything ready. Blocks for at most some seconds.
   *
   * @throws RuntimeException when Kafka cannot be reached or does not let us, or the relay's own
   *     topic is not there yet: that is left to the host that leads
   */
  public static StandBySession open(List<String> bootstrapServers, PublisherOptions options)
      throws Exception {
    ClientConfig config = new ClientConfig(bootstrapServers, options);
    Optional<Prepared> topics = TopicPreparation.look(config, options);
    StandBySession session = new StandBySession(config);
    try {
      session.topics = topics.orElse(null);
      session.connect(options);
      return session;
    } catch (RuntimeException failed) {
      session.close();
      throw failed;
    }
  }

  /**
   * Goes as far as it comes without any Kafka: for a class archive, which has what was loaded.
   * Blocks for about a second.
   */
  public static void rehearse(PublisherOptions options) {
    ClientConfig nowhere = new ClientConfig(List.of("127.0.0.1:1"), options);
    try (Admin admin = Admin.create(nowhere.admin());
        StandBySession session = new StandBySession(nowhere)) {
      TopicPartition watermarks = new TopicPartition(WatermarkReader.topic(options), 0);
      admin.listTopics(new ListTopicsOptions().timeoutMs(REHEARSAL_MS));
      session.consumer.assign(List.of(watermarks));
      session.consumer.seek(watermarks, 0);
      var unused = session.consumer.poll(Duration.ofMillis(REHEARSAL_MS));
    }
  }

  private void connect(PublisherOptions options) {
    String topic = WatermarkReader.topic(options);
    TopicPartition watermarks = new TopicPartition(topic, 0);
    if (topics != null) {
      topics.ids().keySet().forEach(producer::partitionsFor);
    }
    producer.partitionsFor(topic);
    consumer.assign(List.of(watermarks));
    Map<TopicPartition, Long> ends = consumer.endOffsets(List.of(watermarks), PATIENCE);
    consumer.seek(watermarks, Math.max(0, ends.getOrDefault(watermarks, 0L) - 2));
    var unused = consumer.poll(POLL);
  }

  /** Whether it is for these brokers, and all topics take messages. */
  boolean isFor(List<String> servers) {
    return topics != null && bootstrapServers.equals(servers);
  }

  Prepared topics() {
    return Objects.requireNonNull(topics, "asked before");
  }

  /** The producer, which is the caller's from now on. */
  KafkaProducer<String, byte[]> takeProducer() {
    taken = true;
    return producer;
  }

  /** The consumer, which ends with this. */
  KafkaConsumer<String, byte[]> consumer() {
    return consumer;
  }

  @Override
  public void close() {
    if (!taken) {
      producer.close(Duration.ZERO);
    }
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
