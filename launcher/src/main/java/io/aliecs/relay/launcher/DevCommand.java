package io.aliecs.relay.launcher;

import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.launcher.simulate.Simulation;
import io.aliecs.relay.launcher.simulate.SimulationOptions;
import io.aliecs.relay.settings.RelaySettings;
import io.aliecs.relay.settings.SettingSources;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code relay dev}: everything embedded in one process, for a first look. */
@Command(
    name = "dev",
    description = "Runs everything in one process: Kafka, Consul, the relay, simulated AliECS.",
    mixinStandardHelpOptions = true)
final class DevCommand implements Callable<Integer> {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/dev",
      description = "Folder of Kafka, Consul and the journal (default: ${DEFAULT-VALUE}).")
  Path data = Path.of("data/dev");

  @Option(
      names = "--http-port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "HTTP interface (default: ${DEFAULT-VALUE}, 0: any free port).")
  int httpPort;

  @Option(
      names = "--management-port",
      paramLabel = "N",
      defaultValue = "8081",
      description = "Health and metrics (default: ${DEFAULT-VALUE}, 0: any free port).")
  int managementPort;

  @Option(
      names = "--kafka-port",
      paramLabel = "N",
      defaultValue = "9092",
      description = "Kafka (default: ${DEFAULT-VALUE}, 0: any free port).")
  int kafkaPort;

  @Option(
      names = "--consul-port",
      paramLabel = "N",
      defaultValue = "8500",
      description = "Consul (default: ${DEFAULT-VALUE}, 0: any free port).")
  int consulPort;

  @Option(
      names = "--no-simulate",
      negatable = false,
      description = "Without simulated environments.")
  boolean noSimulate;

  private final Vertx vertx = Vertx.vertx();
  private @Nullable EmbeddedServices services;
  private @Nullable Relay relay;
  private @Nullable Simulation simulation;

  @Override
  public Integer call() throws Exception {
    try {
      start();
      Foreground.await(vertx, this::stop, STOP_LIMIT);
      return 0;
    } catch (NoClassDefFoundError e) {
      throw new IllegalStateException(
          "the embedded services are not in this package (expected: a source checkout)", e);
    } catch (Exception e) {
      Foreground.stop(vertx, this::stop, STOP_LIMIT);
      throw e;
    }
  }

  private void start() throws Exception {
    requireFree("--http-port", httpPort);
    requireFree("--management-port", managementPort);
    EmbeddedServices started =
        EmbeddedServices.start(vertx, data.toAbsolutePath(), kafkaPort, consulPort);
    services = started;
    RelaySettings settings = settings(started);
    Relay running = Foreground.get(Relay.start(vertx, settings), START_LIMIT);
    relay = running;
    Foreground.get(running.publishing(), START_LIMIT);
    if (!noSimulate) {
      long seed = Instant.now().getEpochSecond();
      simulation =
          Simulation.start(
              SimulationOptions.of(started.bootstrapServers(), seed, seed % 1_000_000));
    }
    System.out.printf(
        "ready http=http://127.0.0.1:%d management=http://127.0.0.1:%d kafka=%s consul=%s%n",
        running.httpPort(),
        running.managementPort(),
        started.bootstrapServers(),
        started.consulAddress());
  }

  private static void requireFree(String option, int port) {
    if (port != 0 && !FreePort.isFree(port)) {
      throw new IllegalStateException(
          option + ": port " + port + " is taken (expected: a free port, or 0 for any)");
    }
  }

  private RelaySettings settings(EmbeddedServices embedded) {
    Map<String, String> flags = new HashMap<>();
    flags.put("data.dir", data.toAbsolutePath().toString());
    flags.put("journal.port", Integer.toString(FreePort.find()));
    flags.put("http.port", Integer.toString(httpPort));
    flags.put("management.port", Integer.toString(managementPort));
    flags.put("kafka.topic.replication-factor", "1");
    // AliECS's stream of this Kafka is all ours: what a simulation wrote while we were away counts.
    flags.put("ingest.history", "publish");
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("CONSUL_"));
    environment.put("CONSUL_HTTP_ADDR", embedded.consulAddress());
    return RelaySettings.of(SettingSources.collect(null, System.getenv(), flags), environment);
  }

  private Future<Void> stop() {
    Simulation simulated = simulation;
    EmbeddedServices embedded = services;
    Future<Void> quiet = simulated == null ? Future.succeededFuture() : blocking(simulated::close);
    return quiet
        .eventually(() -> relay == null ? Future.succeededFuture() : relay.stop())
        .eventually(() -> embedded == null ? Future.succeededFuture() : embedded.stop());
  }

  private Future<Void> blocking(Runnable task) {
    return vertx.executeBlocking(
        () -> {
          task.run();
          return null;
        });
  }
}
