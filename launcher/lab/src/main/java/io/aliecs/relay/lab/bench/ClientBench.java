package io.aliecs.relay.lab.bench;

import com.sun.management.OperatingSystemMXBean;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Latencies;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final byte[] VALUE = new byte[100];

  /** Writes a transaction of so many records, and waits for its end. */
  private interface Client {
    void transaction(int records) throws Exception;
  }

  /** A turn: times of its transactions, of them a second, and the processor's time of each, µs. */
  private record Turn(Latencies times, double rate, double cpu) {}

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
        Turn[] bares = new Turn[rounds];
        Turn[] wrappeds = new Turn[rounds];
        for (int i = -WARM_UP; i < rounds; i++) {
          bares[Math.max(0, i)] = turn(bare, records, transactions);
          wrappeds[Math.max(0, i)] = turn(wrapped, records, transactions);
        }
        report(new History(history, "client"), records, bares, wrappeds);
      }
    } finally {
      vertx.close().await();
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
    long[] times = new long[transactions];
    long cpu = process.getProcessCpuTime();
    long began = System.nanoTime();
    for (int i = 0; i < transactions; i++) {
      long start = System.nanoTime();
      client.transaction(records);
      times[i] = System.nanoTime() - start;
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    double spent = (process.getProcessCpuTime() - cpu) / 1e3 / transactions;
    return new Turn(new Latencies(times), transactions / seconds, spent);
  }

  private static void report(History history, int records, Turn[] bare, Turn[] wrapped)
      throws Exception {
    List<ToDoubleFunction<Turn>> figures =
        List.of(t -> t.times().millis(0.5), t -> t.times().millis(0.99), Turn::rate, Turn::cpu);
    history.add(
        List.of(
            "records",
            "bare_p50_ms",
            "bare_p99_ms",
            "bare_per_s",
            "bare_cpu_us",
            "p50_ratio",
            "p99_ratio",
            "rate_ratio",
            "cpu_ratio"),
        Stream.of(
                Stream.of("" + records),
                figures.stream().map(figure -> Latencies.text(median(bare, figure))),
                figures.stream().map(f -> Latencies.text(median(wrapped, f) / median(bare, f))))
            .flatMap(all -> all)
            .toList());
  }

  private static double median(Turn[] turns, ToDoubleFunction<Turn> figure) {
    return Latencies.median(Stream.of(turns).mapToDouble(figure).toArray());
  }
}
