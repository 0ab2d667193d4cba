package io.aliecs.relay.hosts;

import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.journal.group.RaftAdmin;
import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.settings.Requirement;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Adds hosts to the group and removes them, from any host, by way of the leader. One change at a
 * time; each is safe before the next. Thread safe; blocks.
 *
 * @param patienceMs a host that has not answered the leader for longer counts as away
 */
record Membership(RaftAdmin admin, long patienceMs) {
  private static final int TRIES = 3;

  /**
   * Makes a change and returns when it is safe.
   *
   * @param known hosts that may know the leader
   * @return the hosts of the group then
   * @throws IllegalArgumentException when it is refused, and nothing was changed
   * @throws IOException when no leader answers or it did not get done; look before trying again
   */
  List<ClusterHost> change(Collection<ClusterHost> known, ClusterChange change) throws IOException {
    for (int left = TRIES; ; left--) {
      RaftGroupInfo view = leader(known);
      Set<String> alive = new HashSet<>(view.alive(patienceMs));
      change.added().filter(host -> !view.has(host.id())).ifPresent(host -> alive.add(host.id()));
      List<ClusterHost> after = MembershipPlan.after(view.hosts(), alive, change);
      if (change.added().isPresent()) {
        requireEmpty(change.added().get());
      }
      if (left > 0 && change.removed().filter(view.hostId()::equals).isPresent()) {
        // It would end in the middle of its work; another one leads first.
        handOver(view, after, alive);
      } else {
        admin.change(view, after);
        return after;
      }
    }
  }

  private void handOver(RaftGroupInfo view, List<ClusterHost> after, Set<String> alive)
      throws IOException {
    String next =
        after.stream()
            .map(ClusterHost::id)
            .filter(id -> alive.contains(id) && view.has(id))
            .findFirst()
            .orElseThrow(
                () ->
                    Requirement.unmet(
                        "host",
                        view.hostId() + " leads and no other one has everything",
                        "add one first"));
    admin.handOver(view, next);
  }

  /** A host with a journal of its own would have to lose it. */
  private void requireEmpty(ClusterHost host) throws IOException {
    RaftGroupInfo view;
    try {
      view = admin.ask(host);
    } catch (IOException away) {
      throw new IllegalArgumentException(
          "host: "
              + host.id()
              + " does not answer at "
              + host.address()
              + ": "
              + away.getMessage()
              + " (expected: a relay that was started with this id and cluster.hosts with all)",
          away);
    }
    Requirement.that(
        view != null && !view.has(host.id()),
        "host",
        host.id() + (view == null ? " is not ready to be added" : " has a journal of its own"),
        "an empty data.dir and cluster.hosts with all hosts; repeat");
  }

  private RaftGroupInfo leader(Collection<ClusterHost> known) throws IOException {
    return admin
        .askLeader(known)
        .orElseThrow(
            () ->
                new IOException(
                    "no leader answers (expected: one of "
                        + known.stream().map(ClusterHost::id).sorted().toList()
                        + " to lead)"));
  }
}
