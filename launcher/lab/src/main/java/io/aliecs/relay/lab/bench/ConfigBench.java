package io.aliecs.relay.lab.bench;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.config.ConfigVerticle;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Latencies;
import io.aliecs.relay.testkit.consul.ConsulApi;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * From a write in Consul to settings in force. Writes the settings document to a real Consul at a
 * steady rate, each time with another broker, and takes for each write the time from sending it to
 * the announcement on the bus of these settings or newer ones; beside it the time that the write
 * alone takes. Then writes many more, one after the other, and compares threads and open files
 * (sockets among them) of the process with those before.
 *
 * <p>Needs the real Consul's program.
 */
final class ConfigBench {
  private static final int WARM_UP = 200;
  private static final int IN_FLIGHT = 50;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Vertx vertx = Vertx.vertx();
  private final ConsulApi writer;
  private final Announcements announced;
  private int written;

  private ConfigBench(ConsulApi writer, int most) {
    this.writer = writer;
    this.announced = new Announcements(most);
  }

  /**
   * Runs it, and adds a line to {@code config.csv}.
   *
   * @param changes to time, so many a second
   * @param more changes, to count leaks after
   */
  static void run(Path history, int changes, int rate, int more) throws Exception {
    Path folder = Files.createTempDirectory("config-bench");
    try (ConsulProcess consul = ConsulProcess.inMemory(folder)) {
      int most = WARM_UP + changes + more;
      new ConfigBench(consul.api(), most)
          .run(consul.port(), changes, rate, more, new History(history, "config"));
    }
  }

  private void run(int port, int changes, int rate, int more, History history) throws Exception {
    LocalRecords.register(vertx);
    vertx
        .eventBus()
        .<PublishingSettings>localConsumer(
            BusAddresses.SETTINGS_CHANGED,
            message -> announced.add(message.body(), System.nanoTime()));
    ConsulOptions consul =
        ConsulOptions.fromEnvironment(Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:" + port));
    vertx
        .deployVerticle(new ConfigVerticle(consul, new SimpleMeterRegistry()))
        .await(20, TimeUnit.SECONDS);
    writer.put(ConsulOptions.KAFKA_ENABLED_KEY, "true");
    for (int i = 0; i < WARM_UP; i++) {
      write();
      announced.await(written, PATIENCE_NANOS);
    }

    long[] puts = new long[changes];
    long[] inForce = timed(changes, rate, puts);
    Footprint before = Footprint.now();
    for (int i = 0; i < more; i++) {
      write();
      announced.await(written - IN_FLIGHT, PATIENCE_NANOS);
    }
    announced.await(written, PATIENCE_NANOS);
    System.gc();
    report(
        history,
        changes,
        rate,
        new Latencies(puts),
        new Latencies(inForce),
        more,
        before,
        Footprint.now());
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private long[] timed(int changes, int rate, long[] puts) throws Exception {
    long[] sent = new long[changes];
    int first = written + 1;
    long period = TimeUnit.SECONDS.toNanos(1) / rate;
    long start = System.nanoTime();
    for (int i = 0; i < changes; i++) {
      long due = start + i * period;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      sent[i] = System.nanoTime();
      write();
      puts[i] = System.nanoTime() - sent[i];
    }
    announced.await(written, PATIENCE_NANOS);
    long[] took = new long[changes];
    for (int i = 0; i < changes; i++) {
      took[i] = announced.when(first + i) - sent[i];
    }
    return took;
  }

  private void write() throws IOException {
    written++;
    writer.put(
        ConsulOptions.SETTINGS_KEY,
        "integrationPlugins: [kafka]\nkafkaEndpoints: [\""
            + Announcements.broker(written)
            + "\"]\n");
  }

  private static void report(
      History history,
      int changes,
      int rate,
      Latencies puts,
      Latencies inForce,
      int more,
      Footprint before,
      Footprint after)
      throws Exception {
    history.add(
        List.of(
            "changes",
            "rate_per_s",
            "put_p50_ms",
            "put_p99_ms",
            "in_force_p50_ms",
            "in_force_p99_ms",
            "in_force_max_ms",
            "more_changes",
            "threads_before",
            "threads_after",
            "files_before",
            "files_after"),
        List.of(
            "" + changes,
            "" + rate,
            Latencies.text(puts.millis(0.50)),
            Latencies.text(puts.millis(0.99)),
            Latencies.text(inForce.millis(0.50)),
            Latencies.text(inForce.millis(0.99)),
            Latencies.text(inForce.millis(1)),
            "" + more,
            "" + before.threads(),
            "" + after.threads(),
            "" + before.files(),
            "" + after.files()));
  }
}
