package io.aliecs.relay.hosts;

import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.text.UnknownHosts;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks up the hosts of the cluster now and then: one that has no address is not reached. */
final class HostNames {
  private static final Logger LOG = LoggerFactory.getLogger(HostNames.class);
  private static final long AGAIN_MS = 10_000;

  /** Logs each such name in 20 lines, many times a second. Held, or its level is forgotten. */
  private static final java.util.logging.Logger CHANNELS =
      java.util.logging.Logger.getLogger("org.apache.ratis.thirdparty.io.grpc");

  static {
    CHANNELS.setLevel(Level.SEVERE);
  }

  private final Vertx vertx;
  private final List<ClusterHost> hosts;
  private String problem = "";

  HostNames(Vertx vertx, JournalOptions options) {
    this.vertx = vertx;
    this.hosts = options.alone() ? List.of() : options.hosts();
  }

  /** Goes on until the verticle ends. */
  void start() {
    if (!hosts.isEmpty()) {
      look();
    }
  }

  private void look() {
    vertx
        .executeBlocking(this::unknown, false)
        .onSuccess(this::found)
        .onComplete(done -> vertx.setTimer(AGAIN_MS, timer -> look()));
  }

  private List<String> unknown() {
    return hosts.stream().filter(HostNames::isUnknown).map(ClusterHost::address).toList();
  }

  private static boolean isUnknown(ClusterHost host) {
    try {
      return InetAddress.getByName(host.bareHost()) == null;
    } catch (UnknownHostException e) {
      return true;
    }
  }

  private void found(List<String> unknown) {
    String now = unknown.isEmpty() ? "" : UnknownHosts.sentence(unknown, "cluster.hosts");
    if (!now.isEmpty() && !now.equals(problem)) {
      LOG.warn("{}", now);
    }
    problem = now;
  }

  /** Which hosts have no address, for people; empty when all have. */
  String problem() {
    return problem;
  }
}
