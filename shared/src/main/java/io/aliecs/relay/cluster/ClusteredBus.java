package io.aliecs.relay.cluster;

import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.tls.ClusterCertificates;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Vert.x whose event bus reaches all control hosts. Closing that Vert.x leaves the bus. Thread
 * safe.
 */
public final class ClusteredBus {
  private static final Logger LOG = LoggerFactory.getLogger(ClusteredBus.class);
  private static final long REREAD_MS = 1_000;

  private final Vertx vertx;
  private final HostsClusterManager manager;

  private ClusteredBus(Vertx vertx, HostsClusterManager manager) {
    this.vertx = vertx;
    this.manager = manager;
  }

  /**
   * Makes a Vert.x and joins the bus; waits for no other host. From then on certificate files are
   * reread every {@value #REREAD_MS} ms.
   *
   * @param options of the Vert.x, those of its event bus left out
   * @return fails when a port is taken or an address is not one of this machine
   */
  public static Future<ClusteredBus> join(VertxOptions options, BusOptions bus) {
    HostsClusterManager manager = new HostsClusterManager(bus);
    VertxOptions all =
        new VertxOptions(options).setEventBusOptions(new BusTransport(bus).eventBus());
    return Vertx.builder()
        .with(all)
        .withClusterManager(manager)
        .buildClustered()
        .map(
            vertx -> {
              bus.certificates().ifPresent(files -> reread(vertx, files, manager));
              return new ClusteredBus(vertx, manager);
            });
  }

  private static void reread(Vertx vertx, ClusterCertificates files, HostsClusterManager manager) {
    vertx.setTimer(
        REREAD_MS,
        timer ->
            vertx
                .executeBlocking(files::reread)
                .compose(
                    changed ->
                        changed ? manager.renewCertificates() : Future.<Void>succeededFuture())
                .onFailure(failure -> LOG.error("other certificates cannot be taken", failure))
                .onComplete(done -> reread(vertx, files, manager)));
  }

  /** The Vert.x. */
  public Vertx vertx() {
    return vertx;
  }

  /** The control hosts that are on the bus now as this one sees it, itself too, by id. */
  public Set<String> hosts() {
    return manager.hostIds();
  }
}
