package io.aliecs.relay.launcher;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.config.ConfigVerticle;
import io.aliecs.relay.config.RegistrationVerticle;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.ingest.IngestVerticle;
import io.aliecs.relay.publisher.PublisherVerticle;
import io.aliecs.relay.settings.RelaySettings;
import io.aliecs.relay.settings.WebOptions;
import io.aliecs.relay.web.WebVerticle;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All verticles of one control host, started and stopped in their order. Thread safe. */
final class Relay {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
  private static final long ASK_AGAIN_MS = 50;

  private final Vertx vertx;
  private final WebVerticle web;
  private final List<String> deployed = new ArrayList<>();

  private Relay(Vertx vertx, WebVerticle web) {
    this.vertx = vertx;
    this.web = web;
  }

  /**
   * Starts every verticle. Those that listen come before the one that tells: nothing is missed.
   *
   * @return the relay once all listen; fails with the reason when one cannot start, and then none
   *     runs
   */
  static Future<Relay> start(Vertx vertx, RelaySettings settings) {
    LocalRecords.register(vertx);
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Clock clock = Clock.systemUTC();
    Relay relay = new Relay(vertx, new WebVerticle(settings.web(), meters));
    List<VerticleBase> verticles =
        List.of(
            new ConfigVerticle(settings.consul(), meters),
            relay.web,
            new PublisherVerticle(settings.publisher(), settings.ingest().enabled(), meters, clock),
            new IngestVerticle(settings.ingest(), meters),
            new EnvironmentVerticle(settings.journal(), meters, clock));
    Future<Void> started = Future.succeededFuture();
    for (VerticleBase verticle : verticles) {
      started = started.compose(done -> relay.deploy(verticle));
    }
    return started
        .compose(done -> relay.register(settings, meters))
        .map(relay)
        .recover(failure -> relay.stop().transform(done -> Future.failedFuture(failure)));
  }

  /** Consul may send others here as soon as all listen. */
  private Future<Void> register(RelaySettings settings, PrometheusMeterRegistry meters) {
    if (!settings.registration().enabled()) {
      return Future.succeededFuture();
    }
    WebOptions listening =
        new WebOptions(
            settings.web().host(), httpPort(), settings.web().managementHost(), managementPort());
    return deploy(
        new RegistrationVerticle(settings.consul(), settings.registration(), listening, meters));
  }

  private Future<Void> deploy(VerticleBase verticle) {
    return vertx.deployVerticle(verticle).onSuccess(this::remember).mapEmpty();
  }

  private synchronized void remember(String deploymentId) {
    deployed.add(deploymentId);
  }

  /** Port of the HTTP interface. */
  int httpPort() {
    return web.httpPort();
  }

  /** Port of health and metrics. */
  int managementPort() {
    return web.managementPort();
  }

  /** Completes when the publisher has reached Kafka and publishes. */
  Future<Void> publishing() {
    return status(BusAddresses.PUBLISHER_STATUS, s -> s.state().equals("publishing"))
        .compose(done -> status(BusAddresses.INGEST_STATUS, s -> s.state().equals("reading")));
  }

  private Future<Void> status(String address, Predicate<ComponentStatus> reached) {
    return vertx
        .eventBus()
        .<ComponentStatus>request(address, null, LocalRecords.LOCAL)
        .compose(
            reply ->
                reached.test(reply.body())
                    ? Future.succeededFuture()
                    : vertx
                        .timer(ASK_AGAIN_MS, TimeUnit.MILLISECONDS)
                        .compose(again -> status(address, reached)));
  }

  /**
   * Stops what takes first and what keeps last, so that what was taken is drained: registration,
   * then ingest, then publisher, then journal.
   */
  Future<Void> stop() {
    List<String> order;
    synchronized (this) {
      order = new ArrayList<>(deployed);
      deployed.clear();
    }
    // Deployed as config, web, publisher, ingest, environment, and registration if it is on.
    List<Integer> places = List.of(5, 3, 2, 4, 1, 0);
    Future<Void> stopped = Future.succeededFuture();
    for (int place : places) {
      if (place < order.size()) {
        String id = order.get(place);
        stopped =
            stopped
                .compose(done -> vertx.undeploy(id))
                .recover(
                    failure -> {
                      LOG.warn("a verticle did not stop: {}", failure.toString());
                      return Future.succeededFuture();
                    });
      }
    }
    return stopped;
  }
}
