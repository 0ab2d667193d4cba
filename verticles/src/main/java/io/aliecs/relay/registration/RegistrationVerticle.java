package io.aliecs.relay.registration;

import io.aliecs.relay.consul.ConsulAccess;
import io.aliecs.relay.consul.ConsulAgents;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.retry.Backoff;
import io.aliecs.relay.retry.ReasonsSaid;
import io.aliecs.relay.web.WebOptions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.ext.consul.ConsulClient;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this host in Consul's catalogue of services, with a check of {@code /health/ready}, from
 * its deployment to its orderly end. Looks every few seconds whether it is still there, so that a
 * Consul that lost it gets it again.
 *
 * <p>Deploying it never waits for Consul, and undeploying it only for a moment. The gauge {@code
 * relay_config_registered} is 1 while Consul has it.
 */
public final class RegistrationVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(RegistrationVerticle.class);
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private final ConsulOptions options;
  private final RegistrationOptions registration;
  private final Supplier<WebOptions> listening;
  private final MeterRegistry meters;

  private volatile boolean registered;
  private boolean closed;
  private boolean attempted;
  private final ReasonsSaid troubles = new ReasonsSaid();
  private Future<Void> looking = Future.succeededFuture();
  private @Nullable Long timer;
  private @Nullable ConsulAccess consul;
  private @Nullable Gauge gauge;

  /**
   * A verticle to deploy once the relay listens.
   *
   * @param options how to reach Consul
   * @param registration under what name and id
   * @param listening where the relay really listens, no port 0; asked once, when this is deployed
   */
  public RegistrationVerticle(
      ConsulOptions options,
      RegistrationOptions registration,
      Supplier<WebOptions> listening,
      MeterRegistry meters) {
    this.options = options;
    this.registration = registration;
    this.listening = listening;
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    gauge =
        Gauge.builder("relay.config.registered", this, self -> self.registered ? 1 : 0)
            .description("1 while Consul has this host in its catalogue of services")
            .register(meters);
    ConsulAccess access = new ConsulAgents(vertx, options).access();
    consul = access;
    look(access, new ServiceDefinition(registration, listening.get()));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    closed = true;
    if (gauge != null) {
      meters.remove(gauge);
    }
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
    ConsulAccess access = consul;
    if (access == null) {
      return Future.succeededFuture();
    }
    return looking
        .otherwiseEmpty()
        .compose(done -> attempted ? deregister(access) : Future.succeededFuture())
        .onFailure(
            failure ->
                LOG.warn(
                    "Service {} stays in Consul, as one that fails: {} (expected: consul services"
                        + " deregister -id={}, or this host's next start)",
                    registration.serviceId(),
                    why(failure),
                    registration.serviceId()))
        .otherwiseEmpty()
        .onComplete(done -> access.close());
  }

  private Future<Void> deregister(ConsulAccess access) {
    return access
        .ask(ANSWER, client -> client.deregisterService(registration.serviceId()))
        .onSuccess(done -> LOG.info("Took service {} out of Consul", registration.serviceId()));
  }

  private void look(ConsulAccess access, ServiceDefinition service) {
    looking =
        access
            .ask(ANSWER, ConsulClient::localServices)
            .compose(
                known ->
                    known.stream().anyMatch(service::isKnownAs) || closed
                        ? Future.<Void>succeededFuture()
                        : register(access, service));
    looking.onComplete(
        done -> {
          if (closed) {
            return;
          }
          if (done.succeeded()) {
            registered = true;
            attempted = true;
            troubles.over();
          } else {
            failed(done.cause());
          }
          timer =
              vertx.setTimer(
                  Backoff.spread(HEARTBEAT, RandomGenerator.getDefault()),
                  fired -> look(access, service));
        });
  }

  private Future<Void> register(ConsulAccess access, ServiceDefinition service) {
    registered = false;
    attempted = true;
    return access
        .ask(ANSWER, client -> client.registerService(service.registered()))
        .onSuccess(
            done ->
                LOG.info(
                    "Registered in Consul as {}, service {}",
                    registration.serviceId(),
                    registration.serviceName()));
  }

  /** Logs each trouble once, not at every look. */
  private void failed(Throwable cause) {
    registered = false;
    String why = why(cause);
    if (troubles.isNew(why)) {
      LOG.warn(
          "Consul does not know service {}: {}; tried again every {} s",
          registration.serviceId(),
          why,
          HEARTBEAT.toSeconds());
    }
  }

  private static String why(Throwable cause) {
    ConsulException failure = ConsulException.of(cause);
    return failure.reason().label() + ", " + failure.getMessage();
  }
}
