package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.Growth;
import io.aliecs.relay.lab.bench.figures.History;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
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
  private final History history;

  private ScaleBench(Workload work, History history) {
    this.work = work;
    this.history = history;
  }

  /**
   * Runs it.
   *
   * @param minutes at the largest numbers
   */
  public static void run(Path history, int minutes) throws Exception {
    try (Workload work = new Workload(1)) {
      ScaleBench bench = new ScaleBench(work, new History(history, "scale"));
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
    Samples times = work.oneByOne(CHANGES).sent();
    add(tracked, active, "", CHANGES, times);
    return times.quantile(0.5);
  }

  private void stay(int minutes) throws Exception {
    long seconds = minutes * 60L;
    Samples times = work.steady(RATE, seconds);
    add(TRACKED[TRACKED.length - 1], ACTIVE[ACTIVE.length - 1], "" + RATE, RATE * seconds, times);
  }

  private void add(int tracked, int active, String rate, long changes, Samples times)
      throws Exception {
    history
        .line()
        .with("tracked", tracked)
        .with("active", active)
        .with("rate_per_s", rate)
        .with("changes", changes)
        .with("p50_ms", times.quantile(0.5))
        .with("p99_ms", times.quantile(0.99))
        .with("list_bytes", work.listBytes())
        .with("heap_max_mb", Runtime.getRuntime().maxMemory() / 1_048_576)
        .with("heap_mb", heapMegabytes())
        .add();
  }

  /** What is in use once garbage is collected. */
  private static long heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1_048_576;
  }
}
