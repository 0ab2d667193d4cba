package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.bench.figures.Growth;
import io.aliecs.relay.lab.bench.figures.Histogram;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Latencies;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one change costs as more environments are tracked and more runs are active, then ten
 * thousand and a thousand of them at 100 changes a second for minutes. Journal, publisher, sender
 * and reader of one host are in this process, the broker is not.
 *
 * <p>Adds a line for each number to {@code scale.csv}, and draws {@code scale.svg}.
 */
public final class ScaleBench {
  private static final int[] TRACKED = {1, 10, 100, 1_000, 10_000};
  private static final int[] ACTIVE = {1, 10, 100, 1_000};
  private static final int CHANGES = 300;
  private static final int RATE = 100;

  private final Workload work;
  private final CommittedReader reader;
  private final History history;

  private ScaleBench(Workload work, CommittedReader reader, History history) {
    this.work = work;
    this.reader = reader;
    this.history = history;
  }

  /**
   * Runs it.
   *
   * @param minutes at the largest numbers
   */
  public static void run(Path history, int minutes) throws Exception {
    Path folder = Files.createTempDirectory("scale-bench");
    try (KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"), 0);
        BenchHost host = BenchHost.start(folder.resolve("journals"), kafka.bootstrapServers(), 1);
        CommittedReader reader =
            CommittedReader.start(kafka.bootstrapServers(), Topics.published());
        BareProducer bare = new BareProducer(kafka.bootstrapServers())) {
      ScaleBench bench =
          new ScaleBench(new Workload(host, reader, bare), reader, new History(history, "scale"));
      bench.grow(history);
      bench.stay(minutes);
    }
  }

  private void grow(Path folder) throws Exception {
    work.oneByOne(CHANGES);
    Map<Integer, Double> byTracked = new TreeMap<>();
    for (int tracked : TRACKED) {
      work.track(tracked);
      byTracked.put(tracked, one(tracked, 0));
    }
    int tracked = TRACKED[TRACKED.length - 1];
    Map<Integer, Double> byActive = new TreeMap<>();
    for (int active : ACTIVE) {
      work.activate(active);
      byActive.put(active, one(tracked, active));
    }
    Growth.write(
        folder.resolve("scale.svg"),
        "Sent to readable, p50",
        Map.of("tracked", byTracked, "active, 10,000 tracked", byActive));
  }

  private double one(int tracked, int active) throws Exception {
    Latencies times = work.oneByOne(CHANGES).sent();
    add(tracked, active, 0, CHANGES, times.millis(0.5), times.millis(0.99));
    return times.millis(0.5);
  }

  private void stay(int minutes) throws Exception {
    long seconds = minutes * 60L;
    Histogram times = work.steady(RATE, seconds);
    add(
        TRACKED[TRACKED.length - 1],
        ACTIVE[ACTIVE.length - 1],
        RATE,
        RATE * seconds,
        times.quantile(0.5),
        times.quantile(0.99));
  }

  private void add(int tracked, int active, int rate, long changes, double p50, double p99)
      throws Exception {
    history.add(
        List.of(
            "tracked",
            "active",
            "rate_per_s",
            "changes",
            "p50_ms",
            "p99_ms",
            "list_bytes",
            "heap_max_mb",
            "heap_mb"),
        List.of(
            "" + tracked,
            "" + active,
            rate == 0 ? "" : "" + rate,
            "" + changes,
            Latencies.text(p50),
            Latencies.text(p99),
            "" + reader.newest(Topics.ACTIVE_RUNS).value().length,
            "" + Runtime.getRuntime().maxMemory() / 1_048_576,
            "" + heapMegabytes()));
  }

  /** What is in use once garbage is collected. */
  private static long heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1_048_576;
  }
}
