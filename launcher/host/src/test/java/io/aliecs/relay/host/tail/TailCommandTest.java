package io.aliecs.relay.host.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.host.CommandRun;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

@Tag("slow")
class TailCommandTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @Test
  void followsTopicsThatAreCreatedMeanwhileAndShowsBrokenValues() throws Exception {
    StringWriter out = new StringWriter();
    CompletableFuture<Integer> tail =
        CompletableFuture.supplyAsync(
            () ->
                new CommandLine(new TailCommand())
                    .setOut(new PrintWriter(out))
                    .execute("--bootstrap", kafka.bootstrapServers(), "--max", "4"));
    await().atMost(Duration.ofSeconds(60)).until(() -> out.toString().startsWith("TIME"));

    EnvInfo env =
        EnvInfo.newBuilder()
            .setEnvironmentId("2oDvieFrVTi")
            .setRunNumber(0xFFFF_FFFF)
            .setRunType("PHYSICS")
            .setState("RUNNING")
            .addDetectors("ITS")
            .addDetectors("TPC")
            .setEnterStateTimestamp(5)
            .build();
    publish(
        "aliecs.env_state.RUNNING",
        1_000,
        NewStateNotification.newBuilder().setEnvInfo(env).setTimestamp(7).build().toByteArray());
    publish(
        "aliecs.env_list.RUNNING",
        1_001,
        ActiveRunsList.newBuilder().addActiveRuns(env).setTimestamp(7).build().toByteArray());
    publish("aliecs.env_state.ERROR", 1_002, new byte[] {0x0A, 0x7F, 0x01});
    publish("aliecs.env_state.UNKNOWN", 1_003, null);

    assertThat(tail.get(60, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString())
        .containsPattern(
            "aliecs.env_state.RUNNING +2oDvieFrVTi +4294967295 +PHYSICS +RUNNING +ITS TPC")
        .contains("1 active run")
        .contains("partition 0, offset 0")
        .contains("0a7f01")
        .contains("no value (a tombstone)");
  }

  @Test
  void showsStartsAndEndsOfRunsSinceATime() throws Exception {
    long then = System.currentTimeMillis() - 60_000;
    publish("aliecs.env_state.RUNNING", then - 1, notification("2oDvieFrVTi", 1));
    publish("aliecs.env_state.RUNNING", then, notification("2oDvieFrVTi", 2));
    publish("aliecs.env_state.RUNNING", then + 1, notification("2another", 3));
    publish("aliecs.env_leave_state.RUNNING", then + 2, notification("2oDvieFrVTi", 2));
    publish("aliecs.env_state.ERROR", then + 3, notification("2oDvieFrVTi", 2));
    CommandRun tail =
        CommandRun.of(
            new TailCommand(),
            "--bootstrap",
            kafka.bootstrapServers(),
            "--since",
            Instant.ofEpochMilli(then).toString(),
            "--runs",
            "--environment",
            "2oDvieFrVTi",
            "--json",
            "--max",
            "2");
    assertThat(tail.code()).isZero();
    assertThat(tail.out().lines().map(line -> new JsonObject(line).getLong("timestamp")))
        .containsExactlyInAnyOrder(then, then + 2);
    CommandRun run =
        CommandRun.of(
            new TailCommand(),
            "--bootstrap",
            kafka.bootstrapServers(),
            "--from-beginning",
            "--run",
            "3",
            "--json",
            "--max",
            "1");
    assertThat(new JsonObject(run.out()).getLong("timestamp")).isEqualTo(then + 1);
  }

  @Test
  void saysInOneLineThatKafkaIsNotThere() {
    int port = FreePort.find();
    long start = System.nanoTime();
    CommandRun tail = CommandRun.of(new TailCommand(), "--bootstrap", "127.0.0.1:" + port);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    assertThat(tail.code()).isEqualTo(1);
    assertThat(tail.err().lines()).hasSize(1);
    assertThat(tail.err()).contains("127.0.0.1:" + port).contains("expected: a reachable broker");
  }

  @Test
  void saysWhatIsWrongWithItsOptions() {
    assertThat(CommandRun.of(new TailCommand(), "--bootstrap", "nonsense").code()).isEqualTo(1);
    assertThat(CommandRun.of(new TailCommand(), "--bootstrap", "nonsense").err().lines())
        .hasSize(1);
    assertThat(CommandRun.of(new TailCommand(), "--bootstrap", "x:1", "--timeout", "soon").err())
        .contains("'soon' (expected: a duration such as 10s or 2m)");
    assertThat(wrong("--since", "soon").err()).contains("'soon' (expected: how long ago");
    assertThat(wrong("--since", "1m", "--from-beginning").code()).isEqualTo(2);
    assertThat(wrong("--runs", "aliecs.run").err()).contains("expected: one of the two");
    assertThat(wrong("--run", "-1").err()).contains("'-1' (expected: a run number");
  }

  private static CommandRun wrong(String... args) {
    return CommandRun.of(
        new TailCommand(),
        Stream.concat(Stream.of("--bootstrap", "x:1"), Stream.of(args)).toArray(String[]::new));
  }

  private static byte[] notification(String environment, int run) {
    return NewStateNotification.newBuilder()
        .setEnvInfo(
            EnvInfo.newBuilder()
                .setEnvironmentId(environment)
                .setRunNumber(run)
                .setState("RUNNING"))
        .build()
        .toByteArray();
  }

  private static void publish(String topic, long timestamp, byte[] value) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      if (!admin.listTopics().names().get().contains(topic)) {
        admin
            .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
            .all()
            .get();
      }
      byte[] key = "2oDvieFrVTi".getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(topic, 0, timestamp, key, value)).get();
    }
  }
}
