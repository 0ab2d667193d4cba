package io.aliecs.relay.lab.bench;

import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.RelayHome;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.delivery.CommittedReader;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.simulate.AliEcsTopics;
import io.aliecs.relay.lab.simulate.Simulation;
import io.aliecs.relay.lab.simulate.SimulationOptions;
import io.aliecs.relay.testkit.consul.ConsulApi;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import io.aliecs.relay.testkit.standin.ConsulStandIn;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How long the relay takes to start, from starting the script: to the end of its help, to a host
 * that is ready, to the first record that a host publishes that was killed and has a journal, and
 * to {@code dev} with everything in it. With a class archive and without, in turns, while ten
 * environments of AliECS make twenty transitions a second.
 *
 * <p>Adds a line for each to {@code startup.csv}.
 */
final class StartupBench {
  private static final int ENVIRONMENTS = 10;
  private static final double RATE = 20;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** How long a host publishes before it is killed. */
  private static final long LIFE_S = 3;

  private final Path folder;
  private final String brokers;

  /** Times in ms by what was started and how. */
  private final Map<List<String>, Samples> times = new LinkedHashMap<>();

  private StartupBench(Path folder, String brokers) {
    this.folder = folder;
    this.brokers = brokers;
  }

  /**
   * Runs it.
   *
   * @param rounds how often each is started
   */
  static void run(Path history, int rounds) throws Exception {
    Path folder = Files.createTempDirectory("startup-bench");
    Vertx vertx = Vertx.vertx();
    try (KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"), 0)) {
      StartupBench bench = new StartupBench(folder, kafka.bootstrapServers());
      bench.installed(consul(vertx, kafka.bootstrapServers()), rounds);
      bench.checkout(rounds);
      bench.report(new History(history, "startup"), rounds);
    } finally {
      vertx.close().await(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
  }

  private static String consul(Vertx vertx, String brokers) throws Exception {
    String address =
        ConsulStandIn.start(vertx, "127.0.0.1", 0)
            .await(LIMIT.toSeconds(), TimeUnit.SECONDS)
            .address();
    ConsulApi api = new ConsulApi(address, Optional.empty());
    api.put(ConsulOptions.KAFKA_ENABLED_KEY, "true");
    api.put(
        ConsulOptions.SETTINGS_KEY,
        "kafkaEndpoints: [\"" + brokers + "\"]\nintegrationPlugins: [kafka]\n");
    return address;
  }

  private void installed(String consul, int rounds) throws Exception {
    AliEcsTopics.create(brokers, 1);
    try (Simulation aliEcs = simulation();
        InstalledRelay with = new InstalledRelay(folder.resolve("with"), consul, true);
        InstalledRelay without = new InstalledRelay(folder.resolve("without"), consul, false)) {
      aliEcs.await(Duration.ofSeconds(1));
      for (int round = 0; round < rounds; round++) {
        installed(with, "yes", folder.resolve("with-" + round));
        installed(without, "no", folder.resolve("without-" + round));
      }
    }
  }

  private Simulation simulation() {
    return Simulation.start(new SimulationOptions(brokers, ENVIRONMENTS, RATE, 0, 1, 0, 0, 1, 1));
  }

  private void installed(InstalledRelay relay, String archive, Path data) throws Exception {
    timed("relay --help", archive, () -> relay.run("--help"));
    timed("relay run to ready", archive, () -> startReady(relay, data));
    Await.need(LIMIT, "a host publishes", relay::isPublishing);
    TimeUnit.SECONDS.sleep(LIFE_S);
    relay.kill();
    try (CommittedReader reader = CommittedReader.start(brokers, List.of(Topics.ACTIVE_RUNS))) {
      long began = System.nanoTime();
      relay.start(data);
      Await.need(LIMIT, "a host is ready", relay::isReady);
      took("relay run after kill -9 to ready", archive, began);
      Await.need(LIMIT, "a record", () -> reader.count() > 0);
      took("relay run after kill -9 to a record", archive, began);
    }
    relay.kill();
  }

  private static void startReady(InstalledRelay relay, Path data) throws Exception {
    relay.start(data);
    Await.need(LIMIT, "a host is ready", relay::isReady);
  }

  /** What is run from the source tree. */
  private void checkout(int rounds) throws Exception {
    String script = RelayHome.checkout().resolve("relay").toString();
    String archive = Files.exists(RelayHome.archive()) ? "yes" : "no";
    for (int round = 0; round < rounds; round++) {
      timed(
          "./relay --help",
          archive,
          () -> InstalledRelay.quiet(List.of(script, "--help")).start().waitFor());
      String data = folder.resolve("dev-" + round).toString();
      List<String> command = new ArrayList<>(List.of(script, "dev", "--data", data));
      for (String port : List.of("http", "management", "kafka", "consul", "core")) {
        command.addAll(List.of("--" + port + "-port", "0"));
      }
      Process dev =
          InstalledRelay.quiet(command).redirectOutput(ProcessBuilder.Redirect.PIPE).start();
      try (BufferedReader lines = dev.inputReader()) {
        timed("./relay dev to ready", archive, () -> awaitReady(lines));
      } finally {
        dev.destroy();
        dev.waitFor();
      }
    }
  }

  private static void awaitReady(BufferedReader lines) throws IOException {
    for (String line = lines.readLine(); !String.valueOf(line).startsWith("ready "); ) {
      if (line == null) {
        throw new IOException("relay dev has ended (expected: that it is ready)");
      }
      line = lines.readLine();
    }
  }

  /** Something that is waited for. */
  private interface Start {
    void run() throws Exception;
  }

  private void timed(String what, String archive, Start start) throws Exception {
    long began = System.nanoTime();
    start.run();
    took(what, archive, began);
  }

  private void took(String what, String archive, long began) {
    times
        .computeIfAbsent(List.of(what, archive), first -> new Samples())
        .add(began, System.nanoTime());
  }

  private void report(History history, int rounds) throws Exception {
    for (Map.Entry<List<String>, Samples> one : times.entrySet()) {
      history
          .line()
          .with("what", one.getKey().get(0))
          .with("class_archive", one.getKey().get(1))
          .with("rounds", rounds)
          .with("p50_ms", one.getValue().quantile(0.5))
          .with("max_ms", one.getValue().quantile(1))
          .add();
    }
  }
}
