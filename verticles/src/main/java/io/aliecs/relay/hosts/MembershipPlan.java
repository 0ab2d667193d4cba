package io.aliecs.relay.hosts;

import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.settings.Requirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a change of the hosts is safe, and what it leads to. Pure functions. */
final class MembershipPlan {
  private MembershipPlan() {}

  /**
   * The hosts after a change.
   *
   * @param alive those that answer the leader, and the new one when it answers
   * @throws IllegalArgumentException when it would be wrong, or would leave the group without a
   *     majority of hosts that are alive; with what was found and what is expected
   */
  static List<ClusterHost> after(List<ClusterHost> hosts, Set<String> alive, ClusterChange change) {
    List<ClusterHost> after = new ArrayList<>(hosts);
    change.removed().ifPresent(id -> after.remove(known(hosts, id)));
    Optional<ClusterHost> added = change.added();
    added.ifPresent(
        host -> {
          requireNew(hosts, after, host);
          after.add(host);
        });
    Requirement.that(!after.isEmpty(), "hosts", "none would be left", "at least one");
    Requirement.that(
        after.size() <= ClusterHost.MOST,
        "hosts",
        after.size(),
        "at most " + ClusterHost.MOST + "; remove one first");
    requireMajority(after, alive);
    return List.copyOf(after);
  }

  private static ClusterHost known(List<ClusterHost> hosts, String id) {
    return hosts.stream()
        .filter(host -> host.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> Requirement.unmet("host", id + " is not in the cluster", "one of " + ids(hosts)));
  }

  /** An id names one disk: a host that comes with another disk and an old id is a replaced one. */
  private static void requireNew(List<ClusterHost> hosts, List<ClusterHost> kept, ClusterHost one) {
    Requirement.that(
        hosts.stream().noneMatch(host -> host.id().equals(one.id())),
        "host",
        one.id() + " is in the cluster",
        "an id other than " + ids(hosts));
    for (ClusterHost other : kept) {
      Requirement.that(
          !other.address().equals(one.address()),
          "address",
          one.address() + " is that of " + other.id(),
          "one of its own");
    }
  }

  private static void requireMajority(List<ClusterHost> after, Set<String> alive) {
    long living = after.stream().filter(host -> alive.contains(host.id())).count();
    int needed = after.size() / 2 + 1;
    List<String> silent =
        after.stream().map(ClusterHost::id).filter(id -> !alive.contains(id)).toList();
    Requirement.that(
        living >= needed,
        "hosts",
        "of " + ids(after) + " only " + living + " would answer, not " + silent,
        needed + " of " + after.size() + " to answer: start them first, or remove what is dead");
  }

  static List<String> ids(List<ClusterHost> hosts) {
    return hosts.stream().map(ClusterHost::id).sorted().toList();
  }
}
