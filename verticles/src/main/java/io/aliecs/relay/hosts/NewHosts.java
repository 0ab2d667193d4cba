package io.aliecs.relay.hosts;

import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ClusterStatus.Member;
import io.aliecs.relay.journal.Journal;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the known hosts who belongs to the cluster when an unknown peer was refused: a host that was
 * away while another one was added must let it in, for that one may lead. Lives on one context.
 */
final class NewHosts {
  private static final Logger LOG = LoggerFactory.getLogger(NewHosts.class);
  private static final long AGAIN_NS = TimeUnit.SECONDS.toNanos(2);

  private final Vertx vertx;
  private final JournalOptions options;
  private Future<?> asking = Future.succeededFuture();
  private long mayAskAt = System.nanoTime();

  NewHosts(Vertx vertx, JournalOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /** Looks whether there is something to ask; to be called now and then. */
  void look(Journal open, ClusterStatus status) {
    if (!asking.isComplete()
        || System.nanoTime() - mayAskAt < 0
        || !open.guard().hosts().takeStrangerRefused()) {
      return;
    }
    mayAskAt = System.nanoTime() + AGAIN_NS;
    List<ClusterHost> known =
        Stream.concat(status.members().stream().map(Member::host), options.hosts().stream())
            .filter(host -> !host.id().equals(options.hostId()))
            .distinct()
            .toList();
    asking =
        vertx
            .executeBlocking(() -> ask(open, known), false)
            .onFailure(
                failure -> LOG.warn("the other hosts cannot be asked; tried again", failure));
  }

  private static @Nullable Void ask(Journal open, List<ClusterHost> known) {
    List<ClusterHost> named = new ArrayList<>();
    for (ClusterHost host : known) {
      try {
        RaftGroupInfo view = open.admin().ask(host);
        named.addAll(view == null ? List.of() : view.hosts());
      } catch (IOException away) {
        LOG.debug("{} does not answer", host.id(), away);
      }
    }
    open.guard().hosts().learn(named.stream().distinct().toList());
    return null;
  }
}
