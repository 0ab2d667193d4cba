package io.aliecs.relay.config;

import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.SettingsStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** A config verticle under test on a bus with local records: its announcements and its status. */
final class ConsulFixture implements AutoCloseable {

  static final String SETTINGS = ConsulOptions.SETTINGS_KEY;
  static final String KAFKA_ENABLED = ConsulOptions.KAFKA_ENABLED_KEY;

  private final Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<PublishingSettings> announced = new CopyOnWriteArrayList<>();
  private final ConsulOptions options;
  private final String deployment;

  ConsulFixture(Vertx vertx, ConsulOptions options) throws Exception {
    this.vertx = vertx;
    this.options = options;
    vertx
        .eventBus()
        .<PublishingSettings>localConsumer(
            BusAddresses.SETTINGS_CHANGED, message -> announced.add(message.body()));
    deployment = vertx.deployVerticle(new ConfigVerticle(options, registry)).await();
  }

  static ConsulOptions at(int port, Path tokenFile) {
    return ConsulOptions.fromEnvironment(
        Map.of(
            "CONSUL_HTTP_ADDR",
            "127.0.0.1:" + port,
            "CONSUL_HTTP_TOKEN_FILE",
            tokenFile.toString()));
  }

  static ConsulOptions at(int port) {
    return TestOptions.consul(port);
  }

  static String yaml(String... brokers) {
    return "integrationPlugins: [kafka]\nkafkaEndpoints: [\""
        + String.join("\", \"", brokers)
        + "\"]\n";
  }

  ConsulOptions options() {
    return options;
  }

  SimpleMeterRegistry registry() {
    return registry;
  }

  /** Everything announced, oldest first, as a list that grows; what is in force is in it. */
  List<PublishingSettings> announced() {
    await().until(this::isAnnounced);
    return announced;
  }

  private boolean isAnnounced() {
    PublishingSettings now = inForce();
    return now.sameAs(PublishingSettings.NONE)
        || (!announced.isEmpty() && announced.get(announced.size() - 1).sameAs(now));
  }

  SettingsStatus status() {
    try {
      return (SettingsStatus)
          vertx
              .eventBus()
              .request(BusAddresses.SETTINGS_STATUS, null, LocalRecords.LOCAL)
              .await()
              .body();
    } catch (Exception e) {
      throw new AssertionError("no status", e);
    }
  }

  PublishingSettings inForce() {
    return status().inForce();
  }

  Future<PublishingSettings> current() {
    return vertx
        .eventBus()
        .<PublishingSettings>request(BusAddresses.SETTINGS_CURRENT, null, LocalRecords.LOCAL)
        .map(reply -> reply.body());
  }

  /** Waits until the status is as wanted; returns how long that took. */
  Duration awaitStatus(Duration atMost, Predicate<SettingsStatus> wanted) {
    long start = System.nanoTime();
    await()
        .atMost(atMost)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(this::status, wanted);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  Duration awaitBrokers(Duration atMost, String... brokers) {
    return awaitStatus(atMost, s -> s.inForce().bootstrapServers().equals(List.of(brokers)));
  }

  Duration awaitProblem(Duration atMost, SettingsStatus.Kind kind, String words) {
    return awaitStatus(
        atMost,
        s -> s.problems().stream().anyMatch(p -> p.kind() == kind && p.message().contains(words)));
  }

  double failures(ConsulException.Reason reason) {
    Counter counter =
        registry.find("relay.config.read.failures").tag("reason", reason.label()).counter();
    return counter == null ? 0 : counter.count();
  }

  void undeploy() {
    vertx.undeploy(deployment).await();
  }

  @Override
  public void close() {
    if (vertx.deploymentIDs().contains(deployment)) {
      undeploy();
    }
  }
}
