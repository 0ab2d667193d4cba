package io.aliecs.relay.membership;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ClusterStatus;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.tls.ClusterCertificates;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Answers {@link BusAddresses#BUS_STATUS}: whether the hosts that keep the journal are on the event
 * bus, as this one sees it. A sender on a host that is missing does not reach the leader.
 */
public final class MembershipVerticle extends VerticleBase {
  private static final double MS_PER_S = 1_000.0;

  private final BusOptions options;
  private final Supplier<Set<String>> present;
  private final MeterRegistry meters;
  private final Clock clock;
  private final List<Meter> registered = new ArrayList<>();
  private ComponentStatus status;

  /**
   * A verticle that is not started.
   *
   * @param present ids of the hosts that are on the bus now; asked from any thread
   */
  public MembershipVerticle(
      BusOptions options, Supplier<Set<String>> present, MeterRegistry meters, Clock clock) {
    this.options = options;
    this.present = present;
    this.meters = meters;
    this.clock = clock;
    this.status = new ComponentStatus(false, "waiting", "not started", clock.millis());
  }

  @Override
  public Future<?> start() {
    registered.add(
        Gauge.builder("relay.cluster.bus.members", present, hosts -> hosts.get().size())
            .description("Control hosts on the event bus as this one sees it, itself too")
            .register(meters));
    options.certificates().ifPresent(this::watch);
    return vertx
        .eventBus()
        .<Object>localConsumer(BusAddresses.BUS_STATUS, this::answer)
        .completion();
  }

  private void watch(ClusterCertificates certificates) {
    registered.add(
        Gauge.builder(
                "relay.cluster.certificate.expiry.timestamp",
                certificates,
                files -> files.expiry().toEpochMilli() / MS_PER_S)
            .baseUnit("seconds")
            .description("When the certificate of this host ends to be valid, since the epoch")
            .register(meters));
    registered.add(
        Gauge.builder(
                "relay.cluster.certificate.problem",
                certificates,
                files -> files.problem().isPresent() ? 1 : 0)
            .description("1 while the files of cluster.tls are not what is in force")
            .register(meters));
  }

  @Override
  public Future<?> stop() {
    registered.forEach(meters::remove);
    registered.clear();
    return Future.succeededFuture();
  }

  private void answer(Message<Object> message) {
    vertx
        .eventBus()
        .<ClusterStatus>request(BusAddresses.CLUSTER_STATUS, null, LocalRecords.LOCAL)
        .map(reply -> reply.body().members().stream().map(ClusterStatus.Member::id).toList())
        .otherwise(notOpen -> options.hosts().stream().map(ClusterHost::id).toList())
        .onSuccess(expected -> message.reply(status(expected), LocalRecords.LOCAL));
  }

  /** The journal knows best who belongs to the cluster; the settings are from its first start. */
  private ComponentStatus status(Collection<String> expected) {
    Set<String> missing = new TreeSet<>(expected);
    missing.removeAll(present.get());
    String problem =
        options.certificates().flatMap(ClusterCertificates::problem).map(p -> "; " + p).orElse("");
    boolean whole = missing.isEmpty();
    status =
        status.become(
            whole && problem.isEmpty(),
            whole ? "whole" : "incomplete",
            (whole ? "every host is there" : String.join(", ", missing) + " missing") + problem,
            clock.millis());
    return status;
  }
}
