package io.aliecs.relay.lab.bench.web;

import io.aliecs.relay.lab.bench.figures.Histogram;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Picture;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a change takes to all clients of the live stream: from telling it to the web verticle to
 * the last of them having read it, in a process of their own.
 *
 * <p>Adds a line to {@code stream.csv} and draws {@code stream.svg}. Both processes need an open
 * file for each client.
 */
public final class StreamBench {
  private static final int WARM_UP = 5;

  private final Histogram each = new Histogram();
  private final List<Double> all = new ArrayList<>();

  private StreamBench() {}

  /**
   * Runs it.
   *
   * @param runs active ones, in each answer
   */
  public static void run(Path history, int clients, int changes, int runs) throws Exception {
    new StreamBench().measure(clients, changes, runs, history);
  }

  private void measure(int clients, int changes, int runs, Path folder) throws Exception {
    try (WebUnderTest web = WebUnderTest.start(runs);
        Child load = Child.start(StreamLoad.class, web.port(), clients)) {
      if (!load.line().equals("ready")) {
        throw new IllegalStateException("the clients do not say that they are ready");
      }
      for (int i = 0; i < WARM_UP + changes; i++) {
        long told = System.nanoTime();
        long index = web.changeARun();
        String line = load.line();
        while (!line.startsWith(index + " ")) {
          line = load.line();
        }
        if (i >= WARM_UP) {
          count(line, told);
        }
      }
      report(clients, changes, folder);
    }
  }

  private void count(String line, long told) {
    String[] fields = line.split(" ", -1);
    long last = 0;
    for (int i = 1; i < fields.length; i++) {
      long took = Long.parseLong(fields[i]) - told;
      each.add(took);
      last = Math.max(last, took);
    }
    all.add(last / 1e6);
  }

  private void report(int clients, int changes, Path folder) throws Exception {
    Collections.sort(all);
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    new History(folder, "stream")
        .add(
            List.of(
                "clients",
                "changes",
                "client_p50_ms",
                "client_p99_ms",
                "all_p50_ms",
                "all_max_ms",
                "heap_mb"),
            List.of(
                "" + clients,
                "" + changes,
                figure(each.quantile(0.5)),
                figure(each.quantile(0.99)),
                figure(all.get(all.size() / 2)),
                figure(all.get(all.size() - 1)),
                figure(heap / 1e6)));
    Picture.write(
        folder.resolve("stream.svg"),
        "A change to " + clients + " clients of the live stream: time to each",
        Map.of("each client", each));
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }
}
