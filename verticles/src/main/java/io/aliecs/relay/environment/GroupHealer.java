package io.aliecs.relay.environment;

import io.aliecs.relay.bus.ClusterStatus;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a host taken into the group that Ratis leaves without the journal for ever: this one when it
 * came back with another disk than it had, because a leader does not go below what it once knew a
 * host to have; and, on the leader, one that belongs to the group and is not in it. Lives on one
 * context.
 */
final class GroupHealer {
  /** A host that is only slow is not taken for one that needs help. */
  private static final int LOOKS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(GroupHealer.class);

  private final Vertx vertx;
  private final Map<String, Integer> seen = new HashMap<>();
  private long indexBefore = -1;
  private boolean healing;

  GroupHealer(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Looks at the group; to be called now and then. */
  void look(ClusterStatus status, Membership membership) {
    if (healing || status.leaderId().isEmpty()) {
      // Of a host that lacks everything a leader is seldom heard of: the count goes on.
      return;
    }
    Set<String> needy = new HashSet<>(status.leading() ? membership.missing() : List.of());
    if (isStuck(status)) {
      needy.add(status.hostId());
    }
    indexBefore = status.index();
    seen.keySet().retainAll(needy);
    needy.forEach(id -> seen.merge(id, 1, Integer::sum));
    seen.entrySet().stream()
        .filter(entry -> entry.getValue() >= LOOKS)
        .findFirst()
        .ifPresent(entry -> heal(entry.getKey(), membership));
  }

  /** It knows of a leader and gets nothing, though each leader begins with an entry. */
  private boolean isStuck(ClusterStatus status) {
    boolean lacks = status.index() < 0 || status.behind() > 0;
    boolean led = !status.leaderId().equals(status.hostId());
    return led && lacks && status.index() == indexBefore;
  }

  private void heal(String id, Membership membership) {
    healing = true;
    LOG.warn("{} does not get the journal: it is taken out of the group and in again", id);
    vertx
        .executeBlocking(
            () -> {
              membership.takeIn(id);
              return null;
            },
            false)
        .onComplete(
            done -> {
              healing = false;
              seen.clear();
              if (done.succeeded()) {
                LOG.info("{} has the journal", id);
              } else {
                LOG.warn("{} could not be taken in again: {}", id, done.cause().toString());
              }
            });
  }
}
