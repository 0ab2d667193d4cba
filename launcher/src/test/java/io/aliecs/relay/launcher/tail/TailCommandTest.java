package io.aliecs.relay.launcher.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.dev.EmbeddedKafka;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.launcher.simulate.ForeignEvents;
import io.aliecs.relay.launcher.simulate.SimulateCommand;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TailCommandTest {
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void startKafka(@TempDir Path dir) {
    kafka = EmbeddedKafka.start(dir, 0);
  }

  @AfterAll
  static void stopKafka() {
    kafka.close();
  }

  @Test
  void showsWhatSimulateWrites() {
    Ran simulated =
        run(
            new SimulateCommand(),
            "--bootstrap",
            kafka.bootstrapServers(),
            "--environments",
            "3",
            "--rate",
            "2000",
            "--count",
            "5",
            "--seed",
            "11",
            "--failures",
            "0.2",
            "--partitions",
            "3");
    assertThat(simulated.err()).isEmpty();
    assertThat(simulated.code()).isZero();
    assertThat(simulated.out()).contains("5 lives ended").contains(" 0 lost");

    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--bootstrap",
                kafka.bootstrapServers(),
                "--from-beginning",
                "--json",
                "--timeout",
                "1500ms",
                "aliecs.environment",
                "aliecs.run",
                "aliecs.core"));
    arguments.addAll(ForeignEvents.topics());
    Ran json = run(new TailCommand(), arguments.toArray(String[]::new));
    assertThat(json.code()).isZero();
    List<JsonObject> all = json.out().lines().map(JsonObject::new).toList();
    assertThat(simulated.out()).contains(" " + all.size() + " records written");
    List<JsonObject> lines =
        all.stream()
            .filter(
                line ->
                    Set.of("aliecs.environment", "aliecs.run").contains(line.getString("topic")))
            .toList();
    JsonObject loaded =
        lines.stream()
            .map(line -> line.getJsonObject("value").getJsonObject("environmentEvent"))
            .filter(event -> event != null && event.getString("message").equals("workflow loaded"))
            .findFirst()
            .orElseThrow();
    assertThat(loaded.getString("state")).isEqualTo("STANDBY");
    assertThat(loaded.getJsonObject("vars").getString("environment_id"))
        .isEqualTo(loaded.getString("environmentId"));
    assertThat(lines.get(0).getJsonObject("value").getValue("timestamp"))
        .isInstanceOf(String.class);

    Ran text =
        run(
            new TailCommand(),
            "--bootstrap",
            kafka.bootstrapServers(),
            "--from-beginning",
            "--max",
            "50",
            "aliecs.environment");
    assertThat(text.code()).isZero();
    assertThat(text.out().lines()).hasSize(51);
    assertThat(text.out()).startsWith("TIME ").contains("CREATE after_CREATE DONE_OK");
  }

  @Test
  void followsTopicsThatAreCreatedMeanwhileAndShowsBrokenValues() throws Exception {
    StringWriter out = new StringWriter();
    CompletableFuture<Integer> tail =
        CompletableFuture.supplyAsync(
            () ->
                new CommandLine(new TailCommand())
                    .setOut(new PrintWriter(out))
                    .execute("--bootstrap", kafka.bootstrapServers(), "--max", "4"));
    await().atMost(Duration.ofSeconds(10)).until(() -> out.toString().startsWith("TIME"));

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

    assertThat(tail.get(20, TimeUnit.SECONDS)).isZero();
    assertThat(out.toString())
        .containsPattern(
            "aliecs.env_state.RUNNING +2oDvieFrVTi +4294967295 +PHYSICS +RUNNING +ITS TPC")
        .contains("1 active run")
        .contains("partition 0, offset 0")
        .contains("0a7f01")
        .contains("no value (a tombstone)");
  }

  @Test
  void saysInOneLineThatKafkaIsNotThere() {
    int port = FreePort.find();
    long start = System.nanoTime();
    Ran tail = run(new TailCommand(), "--bootstrap", "127.0.0.1:" + port);
    Ran simulate = run(new SimulateCommand(), "--bootstrap", "127.0.0.1:" + port);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    for (Ran ran : List.of(tail, simulate)) {
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.err().lines()).hasSize(1);
      assertThat(ran.err()).contains("127.0.0.1:" + port).contains("expected: a reachable broker");
    }
  }

  @Test
  void saysWhatIsWrongWithItsOptions() {
    assertThat(run(new TailCommand(), "--bootstrap", "nonsense").code()).isEqualTo(1);
    assertThat(run(new TailCommand(), "--bootstrap", "nonsense").err().lines()).hasSize(1);
    Ran rate = run(new SimulateCommand(), "--bootstrap", "x:1", "--rate", "0");
    assertThat(rate.code()).isEqualTo(2);
    assertThat(rate.err()).contains("--rate: 0.0 (expected: more than 0, up to 100000)");
    assertThat(run(new TailCommand(), "--bootstrap", "x:1", "--timeout", "soon").err())
        .contains("'soon' (expected: a duration such as 10s or 2m)");
  }

  private static void publish(String topic, long timestamp, byte[] value) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
      byte[] key = "2oDvieFrVTi".getBytes(StandardCharsets.UTF_8);
      producer.send(new ProducerRecord<>(topic, 0, timestamp, key, value)).get();
    }
  }

  private record Ran(int code, String out, String err) {}

  private static Ran run(Object command, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(command)
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(args);
    return new Ran(code, out.toString(), err.toString());
  }
}
