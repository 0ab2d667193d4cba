package io.aliecs.relay.host.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.testkit.junit.SharedKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
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
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The programs in docs/examples print what was committed, each where its language is there. */
@Tag("slow")
@Timeout(value = 10, unit = TimeUnit.MINUTES) // compilers, and what they fetch
class ReaderExamplesTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  private static final Path ROOT = Path.of("").toAbsolutePath().getParent().getParent();
  private static final Path EXAMPLES = ROOT.resolve("docs/examples");
  private static final Path PROTO = ROOT.resolve("proto/src/main/protobuf/kafka.proto");
  private static final String SOR = "aliecs.env_state.RUNNING";
  private static final String EOR = "aliecs.env_leave_state.RUNNING";
  private static final long LIMIT_S = 120;
  private static final String[] PRINTED = {
    "SOR run 4294967295 PHYSICS 2oDvieFrVTi ITS,TPC sequence 2",
    "EOR run 4294967295 PHYSICS 2oDvieFrVTi ITS,TPC sequence 3"
  };

  @TempDir Path dir;

  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void publishARun() throws Exception {
    try (Admin admin = kafka.admin();
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(
                Map.of(
                    "bootstrap.servers", kafka.bootstrapServers(), "transactional.id", "examples"),
                new StringSerializer(),
                new ByteArraySerializer())) {
      admin.createTopics(List.of(topic(SOR), topic(EOR))).all().get();
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(record(SOR, 1)).get();
      producer.abortTransaction();
      producer.beginTransaction();
      producer.send(record(SOR, 2));
      producer.send(record(EOR, 3));
      producer.commitTransaction();
    }
  }

  @Test
  void java() throws Exception {
    assertPrints(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        EXAMPLES.resolve("Runs.java").toString());
  }

  @Test
  void python() throws Exception {
    need("protoc", "--version");
    String python =
        Stream.of("python3", "/usr/bin/python3")
            .filter(one -> works(one, "-c", "import confluent_kafka, google.protobuf"))
            .findFirst()
            .orElse("");
    assumeTrue(
        !python.isEmpty(), "no Python with confluent_kafka and google.protobuf on this machine");
    copy("runs.py");
    run("protoc", "--python_out=.", "kafka.proto");
    assertPrints(python, "runs.py");
  }

  @Test
  void node() throws Exception {
    need("node", "--version");
    copy("runs.js");
    copy("package.json");
    assumeTrue(
        works(
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--fetch-retries=0",
            "--fetch-timeout=20000"),
        "npm cannot install what docs/examples/package.json names");
    assertPrints("node", "runs.js");
  }

  @Test
  void go() throws Exception {
    need("go", "version");
    need("protoc", "--version");
    need("protoc-gen-go", "--version");
    Path sources = Path.of("/usr/share/gocode/src");
    Path client = sources.resolve("github.com/confluentinc/confluent-kafka-go");
    assumeTrue(
        Files.isDirectory(client),
        client + " is not there (Debian: golang-github-confluentinc-confluent-kafka-go-dev)");
    // Debian has it from before versions were part of the path.
    Path before = Files.createDirectories(dir.resolve("go/src/github.com/confluentinc"));
    Files.createDirectories(before.resolve("confluent-kafka-go/v2"));
    environment.put("GO111MODULE", "off");
    environment.put("GOPATH", dir.resolve("go") + ":/usr/share/gocode");
    environment.put("GOCACHE", dir.resolve("cache").toString());
    Path link =
        Files.createSymbolicLink(
            before.resolve("confluent-kafka-go/v2/kafka"), client.resolve("kafka"));
    dir = Files.createDirectories(dir.resolve("go/src/runs"));
    copy("runs.go");
    run("protoc", "--go_out=.", "kafka.proto");
    run("go", "build", "-tags", "dynamic", "-o", "runs", ".");
    Files.delete(link);
    assertPrints("./runs");
  }

  /** Runs a program that takes broker and group until it has printed the run, then ends it. */
  private void assertPrints(String... command) throws Exception {
    List<String> whole = new ArrayList<>(List.of(command));
    whole.add(kafka.bootstrapServers());
    whole.add("reader-of-" + Path.of(command[0]).getFileName());
    Process program = start(whole);
    try (BufferedReader out = program.inputReader(UTF_8)) {
      List<String> lines = new ArrayList<>();
      CompletableFuture<Void> printed =
          CompletableFuture.runAsync(
              () ->
                  out.lines()
                      .peek(lines::add)
                      .filter(line -> line.contains(" run "))
                      .limit(PRINTED.length)
                      .forEach(line -> {}));
      printed.get(LIMIT_S, TimeUnit.SECONDS);
      assertThat(lines).contains(PRINTED);
    } finally {
      program.destroyForcibly().waitFor();
    }
  }

  private void copy(String program) throws IOException {
    Files.copy(EXAMPLES.resolve(program), dir.resolve(program));
    if (!Files.exists(dir.resolve("kafka.proto"))) {
      Files.copy(PROTO, dir.resolve("kafka.proto"));
    }
  }

  private void need(String... command) {
    assumeTrue(works(command), command[0] + " is not on this machine");
  }

  private void run(String... command) throws Exception {
    Process process = start(List.of(command));
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private boolean works(String... command) {
    try {
      Process process = start(List.of(command));
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException notThere) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Process start(List<String> command) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, Optional.of(1), Optional.empty());
  }

  private static ProducerRecord<String, byte[]> record(String topic, long sequence) {
    byte[] value =
        NewStateNotification.newBuilder()
            .setEnvInfo(
                EnvInfo.newBuilder()
                    .setEnvironmentId("2oDvieFrVTi")
                    .setRunNumber(0xFFFF_FFFF)
                    .setRunType("PHYSICS")
                    .setState("RUNNING")
                    .addDetectors("ITS")
                    .addDetectors("TPC"))
            .setTimestamp(7)
            .build()
            .toByteArray();
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(topic, "2oDvieFrVTi", value);
    record.headers().add("ce_sequence", Long.toString(sequence).getBytes(UTF_8));
    return record;
  }
}
