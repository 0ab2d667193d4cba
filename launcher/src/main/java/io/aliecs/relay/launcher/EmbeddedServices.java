package io.aliecs.relay.launcher;

import io.aliecs.relay.dev.ConsulProgram;
import io.aliecs.relay.dev.ConsulStandIn;
import io.aliecs.relay.dev.EmbeddedKafka;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.settings.ConsulOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker in this process and a Consul beside it: the program where it is on the PATH, else
 * the stand-in. Starting blocks.
 */
final class EmbeddedServices {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final long POLL_MS = 50;

  private final Vertx vertx;
  private final EmbeddedKafka kafka;
  private final String consulAddress;
  private final @Nullable EmbeddedConsul consulProgram;
  private final @Nullable ConsulStandIn consulStandIn;

  private EmbeddedServices(
      Vertx vertx,
      EmbeddedKafka kafka,
      String consulAddress,
      @Nullable EmbeddedConsul consulProgram,
      @Nullable ConsulStandIn consulStandIn) {
    this.vertx = vertx;
    this.kafka = kafka;
    this.consulAddress = consulAddress;
    this.consulProgram = consulProgram;
    this.consulStandIn = consulStandIn;
  }

  /**
   * Starts both and puts the two keys into Consul where they are missing.
   *
   * @param kafkaPort port of the broker, 0 for any free one
   * @param consulPort port of Consul's HTTP interface, 0 for any free one
   */
  static EmbeddedServices start(Vertx vertx, Path data, int kafkaPort, int consulPort)
      throws Exception {
    requireFree("--kafka-port", kafkaPort);
    // It locks the folder, which is this process's alone from then on.
    EmbeddedKafka kafka = EmbeddedKafka.start(data.resolve("kafka"), kafkaPort);
    try {
      EmbeddedServices services = withConsul(vertx, kafka, data.resolve("consul"), consulPort);
      services.seed();
      return services;
    } catch (Exception e) {
      kafka.close();
      throw e;
    }
  }

  private static EmbeddedServices withConsul(
      Vertx vertx, EmbeddedKafka kafka, Path data, int consulPort) throws Exception {
    EmbeddedConsul.endLeftBehind(data);
    requireFree("--consul-port", consulPort);
    int port = consulPort == 0 ? FreePort.find() : consulPort;
    Optional<Path> program = ConsulProgram.onPath();
    if (program.isPresent()) {
      EmbeddedConsul consul = EmbeddedConsul.start(program.get(), data, port);
      return new EmbeddedServices(vertx, kafka, "http://127.0.0.1:" + port, consul, null);
    }
    ConsulStandIn standIn = Foreground.get(ConsulStandIn.start(vertx, "127.0.0.1", port), LIMIT);
    return new EmbeddedServices(vertx, kafka, standIn.address(), null, standIn);
  }

  private static void requireFree(String option, int port) {
    if (port != 0 && !FreePort.isFree(port)) {
      throw new IllegalStateException(
          option + ": port " + port + " is taken (expected: a free port, or 0 for any)");
    }
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** With scheme, for example {@code http://127.0.0.1:8500}. */
  String consulAddress() {
    return consulAddress;
  }

  private void seed() throws Exception {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    String settings =
        "# As AliECS has it; take kafka out of the list and put it back while data is being taken.\n"
            + "kafkaEndpoints:\n  - \""
            + kafka.bootstrapServers()
            + "\"\nintegrationPlugins:\n  - kafka\n";
    while (!put(http, ConsulOptions.KAFKA_ENABLED_KEY, "true", true)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "Consul does not answer at " + consulAddress + " (expected: within " + LIMIT + ")");
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MS);
    }
    put(http, ConsulOptions.SETTINGS_KEY, settings, false);
  }

  /** Returns whether Consul answered. */
  private boolean put(HttpClient http, String key, String value, boolean onlyIfMissing)
      throws InterruptedException {
    String query = onlyIfMissing ? "?cas=0" : "";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(consulAddress + "/v1/kv/" + key + query))
            .timeout(Duration.ofSeconds(5))
            .PUT(HttpRequest.BodyPublishers.ofString(value))
            .build();
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  Future<Void> stop() {
    return vertx
        .<Void>executeBlocking(
            () -> {
              kafka.close();
              if (consulProgram != null) {
                consulProgram.stop();
              }
              return null;
            })
        .eventually(() -> consulStandIn == null ? Future.succeededFuture() : consulStandIn.close());
  }
}
