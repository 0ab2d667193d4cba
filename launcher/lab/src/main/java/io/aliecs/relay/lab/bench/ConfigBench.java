package io.aliecs.relay.lab.bench;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.config.ConfigVerticle;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.testkit.consul.ConsulApi;
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
  private static final int RATE = 20;
  private static final int WARM_UP = 200;
  private static final int IN_FLIGHT = 50;
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Vertx vertx = Vertx.vertx();
  private final ConsulApi writer;

  /** {@link System#nanoTime} at which settings were announced, by the number of their write. */
  private final NavigableMap<Integer, Long> announced = new ConcurrentSkipListMap<>();

  private final Samples puts = new Samples();
  private final Samples inForce = new Samples();
  private int written;

  private ConfigBench(ConsulApi writer) {
    this.writer = writer;
    announced.put(0, System.nanoTime());
  }

  /**
   * Runs it, and adds a line to {@code config.csv}.
   *
   * @param changes to time
   * @param more changes, to count leaks after
   */
  static void run(Path history, int changes, int more) throws Exception {
    Path folder = Files.createTempDirectory("config-bench");
    try (ConsulProcess consul = ConsulProcess.inMemory(folder)) {
      new ConfigBench(consul.api())
          .run(consul.port(), changes, more, new History(history, "config"));
    }
  }

  private void run(int port, int changes, int more, History history) throws Exception {
    LocalRecords.register(vertx);
    vertx
        .eventBus()
        .<PublishingSettings>localConsumer(
            BusAddresses.SETTINGS_CHANGED,
            message -> announced.putIfAbsent(number(message.body()), System.nanoTime()));
    ConsulOptions consul =
        ConsulOptions.fromEnvironment(Map.of("CONSUL_HTTP_ADDR", "127.0.0.1:" + port));
    vertx
        .deployVerticle(new ConfigVerticle(consul, new SimpleMeterRegistry()))
        .await(20, TimeUnit.SECONDS);
    writer.put(ConsulOptions.KAFKA_ENABLED_KEY, "true");
    for (int i = 0; i < WARM_UP; i++) {
      write();
      await(written);
    }
    timed(changes);
    int threads = threads();
    long files = files();
    for (int i = 0; i < more; i++) {
      write();
      await(written - IN_FLIGHT);
    }
    await(written);
    System.gc();
    int threadsAfter = threads();
    long filesAfter = files();
    history
        .line()
        .with("changes", changes)
        .with("rate_per_s", RATE)
        .with("put_p50_ms", puts.quantile(0.5))
        .with("put_p99_ms", puts.quantile(0.99))
        .with("in_force_p50_ms", inForce.quantile(0.5))
        .with("in_force_p99_ms", inForce.quantile(0.99))
        .with("in_force_max_ms", inForce.quantile(1))
        .with("more_changes", more)
        .with("threads_before", threads)
        .with("threads_after", threadsAfter)
        .with("files_before", files)
        .with("files_after", filesAfter)
        .add();
    vertx.close().await(20, TimeUnit.SECONDS);
  }

  private void timed(int changes) throws Exception {
    long[] sent = new long[changes];
    int first = written + 1;
    long start = System.nanoTime();
    for (int i = 0; i < changes; i++) {
      Await.moment(start + i * TimeUnit.SECONDS.toNanos(1) / RATE);
      sent[i] = System.nanoTime();
      write();
      puts.add(sent[i], System.nanoTime());
    }
    await(written);
    for (int i = 0; i < changes; i++) {
      inForce.add(sent[i], announced.ceilingEntry(first + i).getValue());
    }
  }

  /** Writes settings whose number is in the name of their only broker. */
  private void write() throws IOException {
    written++;
    writer.put(
        ConsulOptions.SETTINGS_KEY,
        "integrationPlugins: [kafka]\nkafkaEndpoints: [\"b" + written + ":9092\"]\n");
  }

  private static int number(PublishingSettings settings) {
    String broker = settings.bootstrapServers().get(0);
    return Integer.parseInt(broker.substring(1, broker.indexOf(':')));
  }

  /** Waits until these settings were announced, or newer ones. */
  private void await(int number) throws InterruptedException {
    Await.need(LIMIT, "change " + number + " in force", () -> announced.lastKey() >= number);
  }

  private static int threads() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  /** Open files of this process, sockets among them. */
  private static long files() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
