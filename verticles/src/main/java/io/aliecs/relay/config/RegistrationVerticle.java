package io.aliecs.relay.config;

import io.aliecs.relay.settings.ConsulOptions;
import io.aliecs.relay.settings.RegistrationOptions;
import io.aliecs.relay.settings.WebOptions;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
  private static final long LONGEST_STOP_MS = 2_000;

  private final ConsulOptions options;
  private final RegistrationOptions registration;
  private final Supplier<WebOptions> listening;
  private final MeterRegistry meters;
  private final WatchTiming timing;

  private volatile boolean registered;
  private boolean closed;
  private boolean attempted;
  private String trouble = "";
  private Future<Void> looking = Future.succeededFuture();
  private @Nullable Long timer;
  private @Nullable ConsulKv consul;
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
    this(options, registration, listening, meters, WatchTiming.standard());
  }

  RegistrationVerticle(
      ConsulOptions options,
      RegistrationOptions registration,
      Supplier<WebOptions> listening,
      MeterRegistry meters,
      WatchTiming timing) {
    this.options = options;
    this.registration = registration;
    this.listening = listening;
    this.meters = meters;
    this.timing = timing;
  }

  @Override
  public Future<?> start() {
    gauge =
        Gauge.builder("relay.config.registered", this, self -> self.registered ? 1 : 0)
            .description("1 while Consul has this host in its catalogue of services")
            .register(meters);
    ConsulKv access = new ConsulKv(vertx, options, timing.margin());
    consul = access;
    look(new ConsulAgent(access), new ServiceDefinition(registration, listening.get()));
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
    ConsulKv access = consul;
    if (access == null) {
      return Future.succeededFuture();
    }
    return looking
        .otherwiseEmpty()
        .compose(done -> attempted ? deregister(new ConsulAgent(access)) : Future.succeededFuture())
        .timeout(LONGEST_STOP_MS, TimeUnit.MILLISECONDS)
        .onFailure(
            failure ->
                LOG.warn("Service {} stays in Consul: {}", registration.serviceId(), why(failure)))
        .otherwiseEmpty()
        .eventually(access::close);
  }

  private Future<Void> deregister(ConsulAgent agent) {
    return agent
        .deregister(registration.serviceId())
        .onSuccess(done -> LOG.info("Took service {} out of Consul", registration.serviceId()));
  }

  private void look(ConsulAgent agent, ServiceDefinition service) {
    looking =
        agent
            .service(registration.serviceId())
            .compose(
                known ->
                    known.filter(service::isKnownAs).isPresent() || closed
                        ? Future.<Void>succeededFuture()
                        : register(agent, service));
    looking.onComplete(
        done -> {
          if (closed) {
            return;
          }
          if (done.succeeded()) {
            registered = true;
            attempted = true;
            trouble = "";
          } else {
            failed(done.cause());
          }
          timer =
              vertx.setTimer(timing.jittered(timing.heartbeat()), fired -> look(agent, service));
        });
  }

  private Future<Void> register(ConsulAgent agent, ServiceDefinition service) {
    registered = false;
    attempted = true;
    return agent
        .register(service.toJson())
        .onSuccess(
            done ->
                LOG.info(
                    "Registered in Consul as {}, service {}",
                    registration.serviceId(),
                    registration.serviceName()));
  }

  /** Says each trouble once, not at every look. */
  private void failed(Throwable cause) {
    registered = false;
    String why = why(cause);
    if (!why.equals(trouble)) {
      LOG.warn(
          "Consul does not know service {}: {}; tried again every {} s",
          registration.serviceId(),
          why,
          timing.heartbeat().toSeconds());
    }
    trouble = why;
  }

  private static String why(Throwable cause) {
    ConsulFailure failure = ConsulFailure.of(cause);
    return failure.reason().label() + ", " + failure.getMessage();
  }
}
