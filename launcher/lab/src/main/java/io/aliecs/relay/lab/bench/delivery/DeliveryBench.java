package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Latencies;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Delivery beside a bare transactional producer that writes the same records to the same broker, in
 * one run: from accepted to readable, the sender's wait with Kafka there and away, changes a
 * second, and what one change costs when more environments are tracked. The broker is a process of
 * its own.
 *
 * <p>Prints a line for each figure, and adds one to {@code delivery.csv}.
 */
public final class DeliveryBench {
  private static final int[] SENDERS = {1, 10, 100, 1_000};
  private static final int[] TRACKED = {10, 100, 1_000};
  private static final int MOST_TRACKED = 10_000;
  private static final int CHANGES = 100;
  private static final int WARM_UP = 300;

  private final List<Row> rows = new ArrayList<>();
  private final int thorough;
  private final String prefix;

  /**
   * A figure.
   *
   * @param ratio to the bare producer's, empty where there is none
   */
  private record Row(String name, String p50, String p99, String ratio) {}

  private DeliveryBench(int thorough, String prefix) {
    this.thorough = thorough;
    this.prefix = prefix;
  }

  /**
   * Runs it.
   *
   * @param thorough 1 for a first look (about a minute), 10 for figures to keep
   * @param hosts control hosts, in this process
   */
  public static void run(Path history, int thorough, int hosts) throws Exception {
    Path folder = Files.createTempDirectory("delivery-bench");
    DeliveryBench bench = new DeliveryBench(thorough, hosts == 1 ? "" : hosts + " hosts: ");
    try (KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"), 0);
        BenchHost host =
            BenchHost.start(folder.resolve("journals"), kafka.bootstrapServers(), hosts);
        CommittedReader reader =
            CommittedReader.start(kafka.bootstrapServers(), Topics.published());
        BareProducer bare = new BareProducer(kafka.bootstrapServers())) {
      bench.run(kafka, new Workload(host, reader, bare));
    }
    bench.report(new History(history, "delivery"));
  }

  private void run(KafkaProcess kafka, Workload work) throws Exception {
    work.oneByOne(WARM_UP);
    work.bareOneByOne(WARM_UP);
    oneChange(work);
    for (int tracked : TRACKED) {
      tracked(work, tracked);
    }
    for (int senders : SENDERS) {
      rate(work, senders);
    }
    if (thorough >= 10) {
      tracked(work, MOST_TRACKED);
    }
    add("sender's wait at 100/s, Kafka there, ms", work.waits(100, 10 * thorough), null);
    kafka.kill();
    add("sender's wait at 100/s, Kafka away, ms", work.waits(100, 10 * thorough), null);
    kafka.restart();
    work.awaitDrained();
  }

  private void tracked(Workload work, int environments) throws Exception {
    work.track(environments);
    Workload.Times times = work.oneByOne(CHANGES * thorough);
    add("readable with " + environments + " tracked, ms", times.readable(), null);
  }

  private void oneChange(Workload work) throws Exception {
    Workload.Times relay = work.oneByOne(CHANGES * thorough);
    Latencies bare = work.bareOneByOne(CHANGES * thorough);
    add("bare: sent to readable, ms", bare, null);
    add("accepted to readable, ms", relay.readable(), bare);
    add("sent to readable, ms", relay.sent(), bare);
    add("sender's wait one at a time, ms", relay.accepted(), null);
  }

  /** In turns, and of a thorough run the second half: by then both are as fast as they become. */
  private void rate(Workload work, int senders) throws Exception {
    int changes = Math.max(CHANGES, 10 * senders) * thorough;
    int rounds = thorough >= 10 ? 6 : 1;
    int warm = rounds / 2;
    double[] relays = new double[rounds - warm];
    double[] bares = new double[rounds - warm];
    double[] ratios = new double[rounds - warm];
    for (int round = 0; round < rounds; round++) {
      int counted = Math.max(0, round - warm); // a warm turn gives way to the next one
      relays[counted] = work.rate(senders, changes);
      bares[counted] = work.bareRate(senders, changes);
      ratios[counted] = relays[counted] / bares[counted];
    }
    String at = ", changes/s, " + senders + " at once";
    rows.add(new Row("bare" + at, median(bares), "", ""));
    rows.add(new Row("relay" + at, median(relays), "", median(ratios)));
  }

  private static String median(double[] figures) {
    return Latencies.text(Latencies.median(figures));
  }

  private void add(String name, Latencies times, @Nullable Latencies bare) {
    double p50 = times.millis(0.5);
    double p99 = times.millis(0.99);
    String ratio =
        bare == null
            ? ""
            : Latencies.text(p50 / bare.millis(0.5))
                + " "
                + Latencies.text(p99 / bare.millis(0.99));
    rows.add(new Row(name, Latencies.text(p50), Latencies.text(p99), ratio));
  }

  private void report(History history) throws Exception {
    System.out.println("| figure | p50 or rate | p99 | ratio to bare |\n|---|---|---|---|");
    for (Row row : rows) {
      System.out.printf(
          "| %s | %s | %s | %s |%n", prefix + row.name(), row.p50(), row.p99(), row.ratio());
    }
    for (Row row : rows) {
      String name = (prefix + row.name()).replace(",", "");
      history.add(
          List.of("figure", "p50_or_rate", "p99", "ratio_to_bare"),
          List.of(name, row.p50(), row.p99(), row.ratio()));
    }
  }
}
