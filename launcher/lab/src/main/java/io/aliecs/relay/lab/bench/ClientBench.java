package io.aliecs.relay.lab.bench;

import com.sun.management.OperatingSystemMXBean;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What Vert.x's client of Kafka costs beside the bare one in what the publisher does: one
 * transaction after the other, each of some records. Both take turns on one broker, which is a
 * process of its own.
 */
final class ClientBench {
  private static final int WARM_UP = 2;
  private static final long LIMIT_S = 20;
  private static final byte[] VALUE = new byte[100];

  /** Writes a transaction of so many records, and waits for its end. */
  private interface Client {
    void transaction(int records) throws Exception;
  }

  /** A turn: times of its transactions, of them a second, and the processor's time of each, µs. */
  private record Turn(Samples times, double rate, double cpu) {}

  private ClientBench() {}

  /** Runs it, and adds a line for each number of records to {@code client.csv}. */
  static void run(Path history, int rounds) throws Exception {
    Path folder = Files.createTempDirectory("client-bench");
    Vertx vertx = Vertx.vertx();
    try (KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"), 0);
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(Map.copyOf(config(kafka, "bare")), bytes(), bytes())) {
      admin.createTopics(Stream.of("bare", "wrapped").map(ClientBench::topic).toList()).all().get();
      Client bare = bare(producer);
      Client wrapped = wrapped(vertx, config(kafka, "wrapped"));
      for (int records : new int[] {4, 1501}) {
        int transactions = Math.max(40, 2_000 / records);
        List<Turn> bares = new ArrayList<>();
        List<Turn> wrappeds = new ArrayList<>();
        for (int i = 0; i < WARM_UP + rounds; i++) {
          bares.add(turn(bare, records, transactions));
          wrappeds.add(turn(wrapped, records, transactions));
        }
        report(
            new History(history, "client"),
            records,
            bares.subList(WARM_UP, bares.size()),
            wrappeds.subList(WARM_UP, wrappeds.size()));
      }
    } finally {
      vertx.close().await(LIMIT_S, TimeUnit.SECONDS);
    }
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, Optional.of(1), Optional.empty());
  }

  private static Map<String, String> config(KafkaProcess kafka, String id) {
    return Map.of(
        "bootstrap.servers",
        kafka.bootstrapServers(),
        "transactional.id",
        id,
        "linger.ms",
        "0",
        "acks",
        "all");
  }

  private static ByteArraySerializer bytes() {
    return new ByteArraySerializer();
  }

  private static Client bare(KafkaProducer<byte[], byte[]> producer) {
    producer.initTransactions();
    return records -> {
      producer.beginTransaction();
      for (int i = 0; i < records; i++) {
        var unused = producer.send(new ProducerRecord<>("bare", VALUE));
      }
      producer.commitTransaction();
    };
  }

  /** All is queued at once: its worker does one thing after the other. */
  private static Client wrapped(Vertx vertx, Map<String, String> config) {
    var producer =
        io.vertx.kafka.client.producer.KafkaProducer.create(vertx, config, bytes(), bytes());
    producer.exceptionHandler(failed -> {}); // the commit fails, too
    producer.initTransactions().await();
    return records -> {
      producer.beginTransaction();
      for (int i = 0; i < records; i++) {
        producer.send(KafkaProducerRecord.create("wrapped", VALUE));
      }
      producer.commitTransaction().await();
    };
  }

  private static Turn turn(Client client, int records, int transactions) throws Exception {
    OperatingSystemMXBean process =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    Samples times = new Samples();
    long cpu = process.getProcessCpuTime();
    long began = System.nanoTime();
    for (int i = 0; i < transactions; i++) {
      long start = System.nanoTime();
      client.transaction(records);
      times.add(start, System.nanoTime());
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double spent = (process.getProcessCpuTime() - cpu) / 1e3 / transactions;
    return new Turn(times, transactions / seconds, spent);
  }

  private static void report(History history, int records, List<Turn> bare, List<Turn> wrapped)
      throws Exception {
    ToDoubleFunction<Turn> p50 = turn -> turn.times().quantile(0.5);
    ToDoubleFunction<Turn> p99 = turn -> turn.times().quantile(0.99);
    history
        .line()
        .with("records", records)
        .with("bare_p50_ms", median(bare, p50))
        .with("bare_p99_ms", median(bare, p99))
        .with("bare_per_s", median(bare, Turn::rate))
        .with("bare_cpu_us", median(bare, Turn::cpu))
        .with("p50_ratio", median(wrapped, p50) / median(bare, p50))
        .with("p99_ratio", median(wrapped, p99) / median(bare, p99))
        .with("rate_ratio", median(wrapped, Turn::rate) / median(bare, Turn::rate))
        .with("cpu_ratio", median(wrapped, Turn::cpu) / median(bare, Turn::cpu))
        .add();
  }

  private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
    Samples figures = new Samples();
    turns.forEach(turn -> figures.add(figure.applyAsDouble(turn)));
    return figures.quantile(0.5);
  }
}
