package io.aliecs.relay.host.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.host.CommandRun;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
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

/** Against a real Kafka, with records as AliECS's own plugin writes them: no key, no header. */
@Tag("slow")
class CompareCommandTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  private static final TopicNames RELAY = new TopicNames("relay.");
  private static final String EOR = Topics.leaving(State.RUNNING);

  /** Long enough ago for all of it to be judged. */
  private final long begin = System.currentTimeMillis() - 3_600_000;

  private KafkaProducer<byte[], byte[]> producer;

  @BeforeEach
  void connect() throws Exception {
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(
              List.of(Topics.SOR, EOR, Topics.ACTIVE_RUNS).stream()
                  .flatMap(topic -> java.util.stream.Stream.of(topic, RELAY.inKafka(topic)))
                  .map(topic -> new NewTopic(topic, 1, (short) 1))
                  .toList())
          .all()
          .get();
    }
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  @AfterEach
  void close() {
    producer.close();
  }

  private static EnvInfo run(int number, String detector) {
    return EnvInfo.newBuilder()
        .setEnvironmentId("2abc")
        .setRunNumber(number)
        .setRunType("PHYSICS")
        .setState("RUNNING")
        .addDetectors(detector)
        .build();
  }

  private void write(String topic, long seconds, EnvInfo env) throws Exception {
    long time = begin + 1_000 * seconds;
    byte[] value =
        NewStateNotification.newBuilder().setEnvInfo(env).setTimestamp(time).build().toByteArray();
    producer.send(new ProducerRecord<>(topic, null, time, null, value)).get();
  }

  private void sor(TopicNames names, long seconds, int number) {
    long time = begin + 1_000 * seconds;
    byte[] value =
        NewStateNotification.newBuilder()
            .setEnvInfo(run(number, "ITS"))
            .setTimestamp(time)
            .build()
            .toByteArray();
    var unused =
        producer.send(new ProducerRecord<>(names.inKafka(Topics.SOR), null, time, null, value));
  }

  private void list(String topic, long seconds, EnvInfo... runs) throws Exception {
    long time = begin + 1_000 * seconds;
    byte[] value =
        ActiveRunsList.newBuilder()
            .addAllActiveRuns(List.of(runs))
            .setTimestamp(time)
            .build()
            .toByteArray();
    producer.send(new ProducerRecord<>(topic, null, time, null, value)).get();
  }

  private void runOf(TopicNames names, int number, long from, String detector) throws Exception {
    write(names.inKafka(Topics.SOR), from, run(number, detector));
    list(names.inKafka(Topics.ACTIVE_RUNS), from, run(number, detector));
    write(names.inKafka(EOR), from + 60, run(number, detector));
    list(names.inKafka(Topics.ACTIVE_RUNS), from + 61);
  }

  private static CommandRun compare(String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("--bootstrap", kafka.bootstrapServers(), "--set", "kafka.topic-prefix=relay."));
    arguments.addAll(List.of(more));
    return CommandRun.of(new CompareCommand(), arguments.toArray(String[]::new));
  }

  @Test
  void twoThatSayTheSameAreAlike() throws Exception {
    for (int run = 1; run <= 3; run++) {
      runOf(TopicNames.USUAL, run, 200L * run, "ITS");
      runOf(RELAY, run, 200L * run + 1, "ITS");
    }
    ProducerRecord<byte[], byte[]> repeated =
        new ProducerRecord<>(
            RELAY.inKafka(Topics.SOR),
            null,
            begin + 700_000,
            null,
            NewStateNotification.newBuilder()
                .setEnvInfo(run(3, "ITS"))
                .setTimestamp(begin + 700_000)
                .build()
                .toByteArray());
    repeated.headers().add("ce_repeat", "requested".getBytes(UTF_8));
    producer.send(repeated).get();

    CommandRun compared = compare();

    assertThat(compared.err()).isEmpty();
    assertThat(compared.out()).contains("alike: 12 the same", "half within +1000 ms");
    assertThat(compared.code()).isZero();
  }

  /** One side is read for a while before the other one. */
  @Test
  void whatTakesManyReadsIsJudgedWhenBothSidesAreRead() throws Exception {
    int runs = 700;
    for (TopicNames names : List.of(TopicNames.USUAL, RELAY)) {
      for (int run = 1; run <= runs; run++) {
        sor(names, 4L * run, run);
      }
    }
    producer.flush();

    assertThat(compare().out()).contains("alike: " + runs + " the same, 0 too near");
  }

  @Test
  void whatDiffersIsNamedForPeopleAndPrograms() throws Exception {
    runOf(TopicNames.USUAL, 1, 0, "ITS");
    runOf(RELAY, 1, 0, "ITS");
    runOf(TopicNames.USUAL, 2, 200, "ITS");
    runOf(RELAY, 2, 200, "TPC");
    write(Topics.SOR, 400, run(3, "ITS"));

    CommandRun text = compare();
    assertThat(text.code()).isEqualTo(1);
    assertThat(text.out())
        .containsPattern("differs +env_state.RUNNING +2abc +2 +detectors: ITS \\(relay: TPC\\)")
        .containsPattern("only plugin +env_state.RUNNING +2abc +3");

    List<JsonObject> json = compare("--json").out().lines().map(JsonObject::new).toList();
    JsonObject result = json.get(json.size() - 1);
    assertThat(result.getBoolean("alike")).isFalse();
    assertThat(result.getJsonObject("differences").getInteger("only_plugin")).isEqualTo(1);

    long later = 300;
    assertThat(compare("--since", java.time.Instant.ofEpochMilli(begin + later * 1_000) + "").err())
        .contains("nothing of the relay");
  }

  @Test
  void oneSideAloneOrTheSamePrefixTwiceCannotBeCompared() throws Exception {
    write(Topics.SOR, 0, run(1, "ITS"));
    assertThat(compare().err()).contains("nothing of the relay", "expected");
    assertThat(compare().code()).isEqualTo(1);
    CommandRun same = CommandRun.of(new CompareCommand(), "--bootstrap", kafka.bootstrapServers());
    assertThat(same.code()).isEqualTo(2);
    assertThat(same.err()).contains("kafka.topic-prefix", "another one");
  }
}
