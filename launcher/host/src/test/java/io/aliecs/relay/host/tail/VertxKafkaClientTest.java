package io.aliecs.relay.host.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.testkit.junit.SharedKafka;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import io.vertx.kafka.admin.KafkaAdminClient;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * For what the wrapper of Kafka's client is not used, by docs/adr/0002-delivery.md. One that fails
 * says that a newer version can do it: then the reason is gone.
 */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class VertxKafkaClientTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  private KafkaAdminClient admin;

  @BeforeEach
  void connect(Vertx vertx) {
    admin = KafkaAdminClient.create(vertx, config());
  }

  @AfterEach
  void close() {
    admin.close().await();
  }

  private static Map<String, String> config() {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  @Test
  void createsNoTopicWithTheReplicationThatTheBrokerIsSetTo() {
    var topic = new io.vertx.kafka.admin.NewTopic("t", 1, (short) -1);

    assertThatThrownBy(() -> admin.createTopics(List.of(topic)))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  void describesNoneOfSeveralTopicsWhenOneIsMissing() throws Exception {
    create("there");

    assertThatThrownBy(() -> admin.describeTopics(List.of("there", "missing")).await())
        .hasRootCauseInstanceOf(UnknownTopicOrPartitionException.class);
  }

  @Test
  void doesNotSayThatPollingEndedWithAnError(Vertx vertx) throws Exception {
    create("source");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.copyOf(config()), new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>("source", new byte[1])).get();
    }
    Deserializer<byte[]> noCodec =
        (topic, data) -> {
          throw new NoClassDefFoundError("codec");
        };
    Map<String, String> config = new HashMap<>(config());
    config.put("auto.offset.reset", "earliest");
    KafkaConsumer<byte[], byte[]> consumer =
        KafkaConsumer.create(vertx, config, new ByteArrayDeserializer(), noCodec);
    consumer.assign(new TopicPartition("source", 0)).await();

    Future<?> poll = consumer.poll(Duration.ofMinutes(1));
    Future<?> behind = consumer.assignment();

    behind.await();
    assertThat(poll.isComplete()).isFalse();
  }

  private static void create(String topic) throws Exception {
    try (var bare = kafka.admin()) {
      bare.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty()))).all().get();
    }
  }
}
