package io.aliecs.relay.publisher.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.publisher.watch.Brokers.Clients;
import io.aliecs.relay.publisher.watch.Brokers.Published;
import io.aliecs.relay.testkit.junit.SharedKafka;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class BrokersTest {
  private static final String OURS = "journal";
  private static final String SOURCE = "aliecs-relay";

  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  private Brokers brokers;

  @BeforeEach
  void start() throws Exception {
    Map<String, Object> to = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(List.of(new NewTopic(Topics.ACTIVE_RUNS, 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    brokers =
        new Brokers(
            new Clients(List.of(kafka.bootstrapServers()), () -> to, () -> to),
            new Published(
                Set.of(Topics.ACTIVE_RUNS), Topics.ACTIVE_RUNS, "watermark", "relay", SOURCE),
            Map.of());
  }

  @AfterEach
  void stop() {
    brokers.close();
  }

  @Test
  void aForeignListStaysTheLastOneUntilOneOfOursIsBehindIt() throws Exception {
    brokers.look(OURS);
    write(new ProducerRecord<>(Topics.ACTIVE_RUNS, new byte[] {16, 1}));

    assertThat(brokers.look(OURS).listIsForeign()).isTrue();
    Look nothingNew = brokers.look(OURS);
    assertThat(nothingNew.listIsForeign()).isTrue();
    assertThat(nothingNew.strangers()).isEmpty();

    ProducerRecord<byte[], byte[]> ours =
        new ProducerRecord<>(Topics.ACTIVE_RUNS, new byte[] {16, 2});
    ours.headers().add("ce_source", SOURCE.getBytes(UTF_8));
    ours.headers().add("ce_id", (OURS + "/1").getBytes(UTF_8));
    write(ours);
    assertThat(brokers.look(OURS).listIsForeign()).isFalse();
  }

  private void write(ProducerRecord<byte[], byte[]> record) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(record).get(30, TimeUnit.SECONDS);
    }
  }
}
