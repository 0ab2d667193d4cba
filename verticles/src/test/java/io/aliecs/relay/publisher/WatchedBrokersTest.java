package io.aliecs.relay.publisher;

import static io.aliecs.relay.publisher.PublishingHost.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.aliecs.relay.testkit.kafka.KafkaOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the brokers, and who else writes to them, while nothing is sent. */
@Tag("slow")
class WatchedBrokersTest {
  private static final TopicPartition LISTS = new TopicPartition(Topics.ACTIVE_RUNS, 0);

  @TempDir Path folder;
  private EmbeddedKafka kafka;
  private PublishingHost host;

  @BeforeEach
  void start() throws Exception {
    kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
    host = new PublishingHost(folder.resolve("journal"));
    host.settle(true, kafka.bootstrapServers());
    host.awaitPublishing();
    for (JsonObject event : host.life("env1", 100).subList(0, 8)) { // it runs
      host.send(event).await();
    }
    host.awaitDrained();
  }

  @AfterEach
  void stop() throws Exception {
    host.close();
    kafka.close();
  }

  @Test
  void aDeadBrokerIsNoticedWhileNothingIsPendingAndNoListIsOwedWhenItIsBack() throws Exception {
    int port = kafka.port();
    int lists = lists().size();
    kafka.close();
    host.awaitStatus(s -> !s.healthy() && s.state().equals("failing"));
    assertThat(host.status().reason()).contains("127.0.0.1:" + port, "no answer within");

    kafka = EmbeddedKafka.start(folder.resolve("kafka"), port);
    host.awaitStatus(s -> s.healthy() && s.state().equals("publishing"));
    assertThat(lists()).hasSize(lists);
  }

  @Test
  void aBrokerThatIsBackWithAnEmptyDiskGetsTheListAtOnce() throws Exception {
    int port = kafka.port();
    kafka.close();
    kafka = EmbeddedKafka.start(KafkaOptions.in(folder.resolve("empty")).onPort(port));

    await().atMost(LIMIT).ignoreExceptions().until(() -> running(lists()), Set.of("env1")::equals);
  }

  @Test
  void aTopicThatWasMadeAnewGetsTheListThoughNothingChanges() throws Exception {
    host.awaitStatus(s -> s.healthy());
    long epoch = host.state().epoch();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin.deleteTopics(List.of(Topics.ACTIVE_RUNS)).all().get(30, TimeUnit.SECONDS);
    }

    host.awaitState(s -> s.epoch() > epoch && s.outbox().size() == 0);
    assertThat(running(lists())).containsExactly("env1");
  }

  @Test
  void listsOfAliecsOwnPluginAreTakenAndSaidAndOursIsTheLastAgain() throws Exception {
    await().atMost(LIMIT).until(() -> looked());
    long epoch = host.state().epoch();
    plugin(Topics.ACTIVE_RUNS, ActiveRunsList.newBuilder().setTimestamp(1).build().toByteArray());
    plugin(Topics.SOR, NewStateNotification.newBuilder().setTimestamp(1).build().toByteArray());

    host.awaitStatus(s -> s.reason().contains("AliECS's own plugin"));
    assertThat(host.status().healthy()).isFalse();
    assertThat(host.status().state()).isEqualTo("publishing");
    assertThat(host.counted("relay.publisher.strangers", "other")).isPositive();
    host.awaitState(s -> s.epoch() > epoch && s.outbox().size() == 0);
    assertThat(running(lists())).containsExactly("env1");
  }

  @Test
  void anotherRelayWithTheSameTransactionalIdIsSaidWithBothJournals() throws Exception {
    await().atMost(LIMIT).until(() -> looked());
    try (PublishingHost other = new PublishingHost(folder.resolve("other"))) {
      other.settle(true, kafka.bootstrapServers());
      other.awaitPublishing();
      other.awaitDrained();
      String otherId = other.state().journalId();

      host.awaitStatus(s -> s.reason().contains(otherId));
      assertThat(host.status().reason())
          .contains(host.state().journalId(), "kafka.transactional-id");
      assertThat(host.status().healthy()).isFalse();
      assertThat(host.counted("relay.publisher.strangers", "transactional-id")).isPositive();
      other.settle(false, kafka.bootstrapServers());
    }
  }

  /** The first look has been: it only learns where the topics end. */
  private boolean looked() throws Exception {
    return host.status().healthy()
        && System.currentTimeMillis() - host.status().since() > Duration.ofSeconds(3).toMillis();
  }

  private void plugin(String topic, byte[] value) throws Exception {
    try (KafkaProducer<byte[], byte[]> plugin =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      plugin.send(new ProducerRecord<>(topic, value)).get(30, TimeUnit.SECONDS);
    }
  }

  private List<ConsumerRecord<byte[], byte[]>> lists() {
    Map<String, Object> config =
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(LISTS));
      consumer.seekToBeginning(List.of(LISTS));
      long end = consumer.endOffsets(List.of(LISTS)).get(LISTS);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (consumer.position(LISTS) < end) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  /** The environments of the last list. */
  private static Set<String> running(List<ConsumerRecord<byte[], byte[]>> lists) throws Exception {
    return ActiveRunsList.parseFrom(lists.get(lists.size() - 1).value())
        .getActiveRunsList()
        .stream()
        .map(run -> run.getEnvironmentId())
        .collect(java.util.stream.Collectors.toSet());
  }
}
