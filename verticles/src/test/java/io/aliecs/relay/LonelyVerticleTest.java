package io.aliecs.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.config.ConfigVerticle;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.environment.HistoryOptions;
import io.aliecs.relay.ingest.IngestVerticle;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.publisher.PublisherVerticle;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.reconcile.ReconcileOptions;
import io.aliecs.relay.reconcile.ReconcileVerticle;
import io.aliecs.relay.registration.RegistrationOptions;
import io.aliecs.relay.registration.RegistrationVerticle;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.trace.TraceOptions;
import io.aliecs.relay.trace.TraceVerticle;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebVerticle;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Each verticle starts, answers and stops with the bus and nothing else: no service, no other. */
@ExtendWith(VertxExtension.class)
class LonelyVerticleTest {
  private static final ConsulOptions NO_CONSUL = TestOptions.consul(1);
  private static final Clock CLOCK = Clock.systemUTC();

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private Vertx vertx;

  @BeforeEach
  void registerRecords(Vertx vertx) {
    this.vertx = vertx;
    LocalRecords.register(vertx);
  }

  @Test
  void configSaysThatNothingIsInForce() {
    String id = deploy(new ConfigVerticle(NO_CONSUL, meters));
    SettingsStatus status = ask(BusAddresses.SETTINGS_STATUS);
    assertThat(status.inForce()).isEqualTo(PublishingSettings.NONE);
    undeploy(id);
  }

  @Test
  void ingestWaitsUntilThisHostLeads() {
    IngestOptions options =
        TestOptions.ingest(
            "127.0.0.1:1",
            IngestOptions.History.TRACK,
            IngestOptions.DEFAULT_RUN_GRACE,
            TestOptions.PLAIN);
    String id = deploy(new IngestVerticle(options, meters));
    ComponentStatus status = ask(BusAddresses.INGEST_STATUS);
    assertThat(status.state()).isNotEqualTo("reading");
    undeploy(id);
  }

  @Test
  void environmentLeadsAlone(@TempDir Path folder) {
    JournalOptions options =
        TestOptions.journal(folder, "a", Duration.ofMillis(150), 100, 100, 1_000_000);
    HistoryOptions history = TestOptions.history(10, Duration.ofDays(1));
    String id = deploy(new EnvironmentVerticle(options, history, meters, CLOCK));
    await()
        .until(
            () -> this.<ComponentStatus>ask(BusAddresses.JOURNAL_STATUS).state(),
            "leading"::equals);
    undeploy(id);
  }

  @Test
  void publisherWaitsForSettings() {
    PublisherOptions options = TestOptions.publisher("id", TestOptions.PLAIN);
    String id = deploy(new PublisherVerticle(options, false, meters, CLOCK));
    ComponentStatus status = ask(BusAddresses.PUBLISHER_STATUS);
    assertThat(status.state()).isNotEqualTo("publishing");
    undeploy(id);
  }

  @Test
  void webTellsThatItHasNoStateYet() {
    WebVerticle web =
        new WebVerticle(
            new WebOptions("127.0.0.1", 0, "127.0.0.1", 0),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            List.of());
    String id = deploy(web);
    assertThat(status(web.listening().managementPort(), "/health/live")).isEqualTo(200);
    assertThat(status(web.listening().managementPort(), "/health/ready")).isEqualTo(503);
    undeploy(id);
  }

  @Test
  void reconcileAsksNothingWhileThisHostDoesNotLead() {
    ReconcileOptions options =
        new ReconcileOptions("127.0.0.1:1", false, "", ReconcileOptions.DEFAULT_INTERVAL);
    String id = deploy(new ReconcileVerticle(options, name -> true, meters, CLOCK));
    ComponentStatus status = ask(BusAddresses.RECONCILE_STATUS);
    assertThat(status.healthy()).isTrue();
    undeploy(id);
  }

  @Test
  void registrationGoesOnTryingAndCanBeEnded() {
    RegistrationOptions options = new RegistrationOptions(true, "aliecs-relay", "host-1");
    String id =
        deploy(
            new RegistrationVerticle(
                NO_CONSUL,
                options,
                () -> new WebOptions("127.0.0.1", 8080, "127.0.0.1", 8081),
                meters));
    assertThat(meters.get("relay.config.registered").gauge().value()).isZero();
    undeploy(id);
  }

  @Test
  void traceWaitsUntilThisHostLeads() {
    TraceOptions options = new TraceOptions("http://127.0.0.1:1/v1/traces", "relay-1", "1.2.3");
    String id = deploy(new TraceVerticle(options, meters));
    assertThat(meters.get("relay.trace.dropped").counter().count()).isZero();
    undeploy(id);
  }

  private String deploy(Deployable verticle) {
    return vertx.deployVerticle(verticle).await();
  }

  private void undeploy(String id) {
    vertx.undeploy(id).await();
    assertThat(vertx.deploymentIDs()).isEmpty();
  }

  private <T> T ask(String address) {
    return vertx.eventBus().<T>request(address, null, LocalRecords.LOCAL).await().body();
  }

  private int status(int port, String path) {
    return vertx
        .createHttpClient()
        .request(HttpMethod.GET, port, "127.0.0.1", path)
        .compose(request -> request.send())
        .map(answer -> answer.statusCode())
        .await();
  }
}
