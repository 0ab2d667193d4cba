package io.aliecs.relay.lab.dev;

import io.aliecs.relay.host.service.Foreground;
import io.aliecs.relay.testkit.FakeCore;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.consul.ConsulProgram;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.aliecs.relay.testkit.kafka.KafkaOptions;
import io.aliecs.relay.testkit.standin.ConsulStandIn;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A Kafka broker and the gRPC side of an AliECS core in this process, and a Consul beside it: the
 * program where it is on the PATH, else the stand-in. Starting blocks.
 */
record EmbeddedServices(
    Vertx vertx,
    EmbeddedKafka kafka,
    FakeCore core,
    String consulAddress,
    Supplier<Future<Void>> consulEnd) {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  /**
   * Starts them; Consul need not answer yet.
   *
   * @param kafkaPort port of the broker, 0 for any free one
   * @param consulPort port of Consul's HTTP interface, 0 for any free one
   * @param corePort port of the core, 0 for any free one
   */
  static EmbeddedServices start(Vertx vertx, Path data, int kafkaPort, int consulPort, int corePort)
      throws Exception {
    requireFree("--kafka-port", kafkaPort);
    requireFree("--core-port", corePort);
    // It locks the folder, which is this process's alone from then on.
    EmbeddedKafka kafka =
        EmbeddedKafka.start(
            KafkaOptions.in(data.resolve("kafka"))
                .onPort(kafkaPort)
                .with("auto.create.topics.enable", "true")); // as AliECS's
    try {
      FakeCore core = Foreground.get(FakeCore.start(vertx, corePort), LIMIT);
      return withConsul(vertx, kafka, core, data.resolve("consul"), consulPort);
    } catch (Exception e) {
      kafka.close();
      throw e;
    }
  }

  private static EmbeddedServices withConsul(
      Vertx vertx, EmbeddedKafka kafka, FakeCore core, Path data, int consulPort) throws Exception {
    EmbeddedConsul.endLeftBehind(data);
    requireFree("--consul-port", consulPort);
    int port = consulPort == 0 ? FreePort.find() : consulPort;
    Optional<Path> program = ConsulProgram.onPath();
    if (program.isPresent()) {
      EmbeddedConsul consul = EmbeddedConsul.start(program.get(), data, port);
      return new EmbeddedServices(
          vertx, kafka, core, "http://127.0.0.1:" + port, () -> blocking(vertx, consul::stop));
    }
    ConsulStandIn standIn = Foreground.get(ConsulStandIn.start(vertx, "127.0.0.1", port), LIMIT);
    return new EmbeddedServices(vertx, kafka, core, standIn.address(), standIn::close);
  }

  /** Refuses a port that something else listens on; 0 is any. */
  static void requireFree(String option, int port) throws InterruptedException {
    if (port != 0 && !FreePort.isSoonFree(port)) {
      throw new IllegalStateException(
          option + ": port " + port + " is taken (expected: a free port, or 0 for any)");
    }
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Waits for Consul and puts the two keys into it, see {@link ConsulSeeder}. */
  void seed() throws Exception {
    try (ConsulSeeder seeder = new ConsulSeeder(vertx, consulAddress)) {
      seeder.seed(bootstrapServers());
    }
  }

  Future<Void> stop() {
    return blocking(vertx, kafka::close).eventually(core::stop).eventually(consulEnd);
  }

  /** Something that blocks. */
  interface Task {
    void run() throws Exception;
  }

  /** Runs it on a worker. */
  static Future<Void> blocking(Vertx vertx, Task task) {
    return vertx.executeBlocking(
        () -> {
          task.run();
          return null;
        });
  }
}
