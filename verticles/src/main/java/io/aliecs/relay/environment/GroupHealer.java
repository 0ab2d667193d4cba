package io.aliecs.relay.environment;

import io.aliecs.relay.bus.ClusterStatus;
import io.aliecs.relay.bus.ClusterStatus.Member;
import io.vertx.core.Vertx;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the journal for a host that came back with an empty disk. Ratis would leave it without for
 * ever: a leader does not go below what it once knew a host to have. The next leader knows nothing
 * of the kind, so the lead is handed over. That costs a take-over, but no host its vote. Lives on
 * one context.
 */
final class GroupHealer {
  /** A host that is only slow is not taken for one that gets nothing. */
  private static final int LOOKS = 50;

  private static final Logger LOG = LoggerFactory.getLogger(GroupHealer.class);

  private final Vertx vertx;
  private int emptyLooks;
  private int tries;
  private boolean asking;

  GroupHealer(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Looks at this host; to be called now and then. */
  void look(ClusterStatus status, Handover handover) {
    boolean lacksAll = status.index() < 0 && !status.leaderId().equals(status.hostId());
    if (!lacksAll) {
      emptyLooks = 0;
    } else if (!status.leaderId().isEmpty() && !asking && ++emptyLooks >= LOOKS) {
      // Looks without a leader do not count and do not begin anew: it is heard of now and then.
      emptyLooks = 0;
      handOver(status, handover);
    }
  }

  private void handOver(ClusterStatus status, Handover handover) {
    List<String> others =
        status.members().stream()
            .map(Member::id)
            .filter(id -> !id.equals(status.hostId()) && !id.equals(status.leaderId()))
            .toList();
    if (others.isEmpty()) {
      LOG.warn("this host gets no journal from {}: restart that one", status.leaderId());
      return;
    }
    String next = others.get(tries++ % others.size());
    LOG.warn(
        "this host gets no journal from {}, which knew it with another disk: {} is to lead",
        status.leaderId(),
        next);
    asking = true;
    vertx
        .executeBlocking(
            () -> {
              handover.to(next);
              return null;
            },
            false)
        .onComplete(
            done -> {
              asking = false;
              if (done.failed()) {
                LOG.warn("{} does not lead: {}; tried again", next, done.cause().toString());
              }
            });
  }
}
