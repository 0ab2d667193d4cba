package io.aliecs.relay.host.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.host.CommandRun;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.topics.TopicSpecs;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Tag("slow")
class TopicsCommandTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  private static final String SOR = "aliecs.env_state.RUNNING";
  private static final String LIST = "aliecs.env_list.RUNNING";
  private static final String WATERMARK = "aliecs.relay.watermark";
  private static final EnvInfo RUN =
      EnvInfo.newBuilder()
          .setEnvironmentId("2oDvieFrVTi")
          .setRunNumber(0xFFFF_FFFF)
          .setRunType("PHYSICS")
          .setState("RUNNING")
          .build();

  @Test
  void saysWhichTopicsAreMissing() {
    CommandRun topics = topics();
    assertThat(topics.code()).isEqualTo(1);
    assertThat(topics.out())
        .contains(SOR + " is not there (expected: made by the relay at its start)");
  }

  @Test
  void findsTheLastMessageBehindTheMarkersOfManyAbortedTransactions() throws Exception {
    makeTopics();
    try (KafkaProducer<String, byte[]> producer = producer()) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(SOR, "2oDvieFrVTi", notification()));
      producer.send(new ProducerRecord<>(LIST, "active-runs", list()));
      producer.commitTransaction();
      for (int i = 0; i < 40; i++) {
        producer.beginTransaction();
        producer.send(new ProducerRecord<>(SOR, "never", notification())).get();
        producer.abortTransaction();
      }
    }
    CommandRun topics = topics();
    assertThat(topics.code()).as(topics.out()).isZero();
    assertThat(topics.out())
        .containsPattern(
            SOR + " +1 +1 +delete 7 d +\\d+ s ago +2oDvieFrVTi +SOR  run 4294967295 PHYSICS")
        .containsPattern(LIST + " .* active-runs +list  1 active run: 4294967295")
        .containsPattern("aliecs.env_state.ERROR +1 +1 +delete 7 d +none")
        .containsPattern("aliecs.relay.watermark +1 +1 +compact");
  }

  @Test
  void saysWhatIsOtherwiseThanTheRelayMakesIt() throws Exception {
    makeTopics();
    try (Admin admin = kafka.admin()) {
      admin.createPartitions(Map.of(WATERMARK, NewPartitions.increaseTo(3))).all().get();
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, LIST),
                  List.of(set("cleanup.policy", "compact"), set("max.message.bytes", "1048588"))))
          .all()
          .get();
    }
    await()
        .untilAsserted(
            () -> {
              CommandRun topics = topics();
              assertThat(topics.out().lines())
                  .contains(
                      WATERMARK + ": partitions is 3 (expected: 1)",
                      LIST + ": cleanup.policy is compact (expected: delete)",
                      LIST + ": max.message.bytes is 1048588 (expected: 4194304)");
              assertThat(topics.code()).isEqualTo(1);
            });
    assertThat(topics("--set", "kafka.topic.compact-list=true").out())
        .doesNotContain(LIST + ": cleanup.policy");
  }

  @Test
  void givesTheSameToPrograms() throws Exception {
    makeTopics();
    try (KafkaProducer<String, byte[]> producer = producer()) {
      producer.initTransactions();
      producer.beginTransaction();
      ProducerRecord<String, byte[]> sor = new ProducerRecord<>(SOR, "2oDvieFrVTi", notification());
      sor.headers().add("ce_sequence", "17".getBytes(UTF_8));
      producer.send(sor);
      producer.commitTransaction();
    }
    CommandRun topics = topics("--json");
    JsonObject json = new JsonObject(topics.out());
    assertThat(json.getBoolean("asExpected")).isTrue();
    JsonObject sor =
        json.getJsonArray("topics").stream()
            .map(JsonObject.class::cast)
            .filter(topic -> topic.getString("topic").equals(SOR))
            .findFirst()
            .orElseThrow();
    assertThat(sor.getInteger("partitions")).isEqualTo(1);
    assertThat(sor.getJsonObject("last").getString("key")).isEqualTo("2oDvieFrVTi");
    assertThat(sor.getJsonObject("last").getString("kind")).isEqualTo("SOR");
    assertThat(sor.getJsonObject("last").getString("sequence")).isEqualTo("17");
    assertThat(sor.getJsonObject("last").getLong("offset")).isZero();
  }

  @Test
  void saysInOneLineThatKafkaIsNotThere() {
    int port = FreePort.find();
    long start = System.nanoTime();
    CommandRun topics = CommandRun.of(new TopicsCommand(), "--bootstrap", "127.0.0.1:" + port);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    assertThat(topics.code()).isEqualTo(1);
    assertThat(topics.err().lines()).hasSize(1);
    assertThat(topics.err()).contains("127.0.0.1:" + port).contains("expected: a reachable broker");
  }

  @Test
  void namesABrokerWithoutAnAddress() {
    CommandRun topics = CommandRun.of(new TopicsCommand(), "--bootstrap", "no.such.invalid:9092");
    assertThat(topics.code()).isEqualTo(1);
    assertThat(topics.err().lines()).hasSize(1);
    assertThat(topics.err()).contains("no.such.invalid:9092").contains("--bootstrap");
  }

  private static CommandRun topics(String... more) {
    String[] args = new String[more.length + 2];
    args[0] = "--bootstrap";
    args[1] = kafka.bootstrapServers();
    System.arraycopy(more, 0, args, 2, more.length);
    return CommandRun.of(new TopicsCommand(), args);
  }

  private static void makeTopics() throws Exception {
    PublisherOptions options =
        new PublisherOptions(
            TopicNames.USUAL,
            "relay",
            1,
            (short) -1,
            1,
            false,
            false,
            Duration.ofSeconds(1),
            false,
            new KafkaClientProperties(Map.of()));
    try (Admin admin = kafka.admin()) {
      admin.createTopics(TopicSpecs.of(options)).all().get();
      await().until(() -> admin.listTopics().names().get().size() == TopicSpecs.of(options).size());
    }
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  private static KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "test"),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private static byte[] notification() {
    return NewStateNotification.newBuilder().setEnvInfo(RUN).setTimestamp(7).build().toByteArray();
  }

  private static byte[] list() {
    return ActiveRunsList.newBuilder().addActiveRuns(RUN).setTimestamp(7).build().toByteArray();
  }
}
