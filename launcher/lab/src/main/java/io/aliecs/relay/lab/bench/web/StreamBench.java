package io.aliecs.relay.lab.bench.web;

import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.Histogram;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Picture;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;

/**
 * How long a change takes to all clients of the live stream: from publishing it on the bus to the
 * last of them having read it, in a process of their own.
 *
 * <p>Adds a line to {@code stream.csv} and draws {@code stream.svg}. Both processes need an open
 * file for each client.
 */
public final class StreamBench {
  private static final int WARM_UP = 5;

  private final Histogram each = new Histogram();
  private final Samples all = new Samples();

  private StreamBench() {}

  /** Runs it. */
  public static void run(Path history, int clients, int changes) throws Exception {
    new StreamBench().measure(clients, changes, history);
  }

  private void measure(int clients, int changes, Path folder) throws Exception {
    try (WebUnderTest web = WebUnderTest.start();
        Child load = Child.start(StreamLoad.class, web.port(), clients)) {
      if (!load.line().equals("ready")) {
        throw new IllegalStateException("the clients do not say that they are ready");
      }
      for (int i = 0; i < WARM_UP + changes; i++) {
        long began = System.nanoTime();
        long index = web.changeARun();
        String line = load.line();
        while (!line.startsWith(index + " ")) {
          line = load.line();
        }
        if (i >= WARM_UP) {
          count(line, began);
        }
      }
      report(clients, changes, folder);
    }
  }

  private void count(String line, long began) {
    String[] fields = line.split(" ", -1);
    long last = began;
    for (int i = 1; i < fields.length; i++) {
      long read = Long.parseLong(fields[i]);
      each.add(read - began);
      last = Math.max(last, read);
    }
    all.add(began, last);
  }

  private void report(int clients, int changes, Path folder) throws Exception {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    new History(folder, "stream")
        .line()
        .with("clients", clients)
        .with("changes", changes)
        .with("client_p50_ms", each.quantile(0.5))
        .with("client_p99_ms", each.quantile(0.99))
        .with("all_p50_ms", all.quantile(0.5))
        .with("all_max_ms", all.quantile(1))
        .with("heap_mb", Math.round(heap / 1e6))
        .add();
    Picture.write(
        folder.resolve("stream.svg"),
        "A change to " + clients + " clients of the live stream: time to each",
        Map.of("each client", each));
  }
}
