package io.aliecs.relay.host.service;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.config.ConfigVerticle;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.host.settings.RelaySettings;
import io.aliecs.relay.ingest.IngestVerticle;
import io.aliecs.relay.publisher.PublisherVerticle;
import io.aliecs.relay.reconcile.ReconcileVerticle;
import io.aliecs.relay.registration.RegistrationVerticle;
import io.aliecs.relay.trace.TraceVerticle;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebVerticle;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All verticles of one control host, started and stopped in their order. Thread safe. */
public final class Relay {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final Vertx vertx;
  private final RelaySettings settings;
  private final ConfigVerticle config;
  private final WebVerticle web;
  private final PublisherVerticle publisher;
  private final IngestVerticle ingest;
  private final ReconcileVerticle reconcile;
  private final EnvironmentVerticle environment;
  private final RegistrationVerticle registration;
  private final TraceVerticle trace;

  /** Deployment ids of the verticles that run. */
  private final Map<VerticleBase, String> deployed = new ConcurrentHashMap<>();

  private Relay(Vertx vertx, RelaySettings settings) {
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    meters.config().meterFilter(new MetricDescriptions());
    new JvmMemoryMetrics().bindTo(meters);
    Clock clock = Clock.systemUTC();
    this.vertx = vertx;
    this.settings = settings;
    config = new ConfigVerticle(settings.consul(), meters);
    web = new WebVerticle(settings.web(), meters, settings.effective());
    publisher =
        new PublisherVerticle(settings.publisher(), settings.ingest().enabled(), meters, clock);
    ingest = new IngestVerticle(settings.ingest(), meters);
    reconcile =
        new ReconcileVerticle(
            settings.reconcile(), settings.ingest().workflows()::mean, meters, clock);
    environment = new EnvironmentVerticle(settings.journal(), settings.history(), meters, clock);
    trace = new TraceVerticle(settings.trace(), meters);
    registration =
        new RegistrationVerticle(
            settings.consul(), settings.registration(), web::listening, meters);
  }

  /**
   * Starts every verticle. Those that listen come before the one that publishes: nothing is missed.
   *
   * @return the relay once all listen; fails with the reason when one cannot start, and then none
   *     runs
   */
  public static Future<Relay> start(Vertx vertx, RelaySettings settings) {
    LocalRecords.register(vertx);
    Relay relay = new Relay(vertx, settings);
    return relay
        .deployAll()
        .map(relay)
        .recover(failure -> relay.stop().transform(done -> Future.failedFuture(failure)));
  }

  /** Consul sends others here only when all listen. */
  private Future<Void> deployAll() {
    return Future.join(deploy(config), deploy(web), deployDelivery())
        .compose(done -> deploy(registration, settings.registration().enabled()));
  }

  /** What follows the journal listens before it publishes. */
  private Future<Void> deployDelivery() {
    return deploy(publisher)
        .compose(done -> deploy(ingest))
        .compose(done -> deploy(reconcile, settings.reconcile().enabled()))
        .compose(done -> deploy(trace, settings.trace().enabled()))
        .compose(done -> deploy(environment));
  }

  /** What accepts first, what keeps last: so what was accepted is drained. */
  private List<VerticleBase> inOrderOfStop() {
    return List.of(reconcile, registration, ingest, publisher, environment, trace, web, config);
  }

  private Future<Void> deploy(VerticleBase verticle, boolean enabled) {
    return enabled ? deploy(verticle) : Future.succeededFuture();
  }

  private Future<Void> deploy(VerticleBase verticle) {
    return vertx.deployVerticle(verticle).onSuccess(id -> deployed.put(verticle, id)).mapEmpty();
  }

  /** Where the HTTP interface, and health and metrics, really listen, with no port 0. */
  public WebOptions listening() {
    return web.listening();
  }

  /** Completes when the event loops of what tracks, publishes and reads have turned. */
  Future<Void> alive() {
    return Future.join(
            Stream.of(
                    BusAddresses.JOURNAL_STATUS,
                    BusAddresses.SETTINGS_STATUS,
                    BusAddresses.PUBLISHER_STATUS,
                    BusAddresses.INGEST_STATUS)
                .map(address -> vertx.eventBus().request(address, null, LocalRecords.LOCAL))
                .toList())
        .mapEmpty();
  }

  /** Drains and stops every verticle that runs; one that does not stop in order is logged. */
  public Future<Void> stop() {
    Future<Void> stopped = Future.succeededFuture();
    for (VerticleBase verticle : inOrderOfStop()) {
      stopped = stopped.compose(done -> undeploy(verticle));
    }
    return stopped;
  }

  private Future<Void> undeploy(VerticleBase verticle) {
    String id = deployed.remove(verticle);
    if (id == null) {
      return Future.succeededFuture();
    }
    return vertx
        .undeploy(id)
        .recover(
            failure -> {
              LOG.warn("{} did not stop in order", verticle.getClass().getSimpleName(), failure);
              return Future.succeededFuture();
            });
  }
}
