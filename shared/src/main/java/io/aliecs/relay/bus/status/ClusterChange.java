package io.aliecs.relay.bus.status;

import io.aliecs.relay.settings.ClusterHost;
import java.util.Optional;

/**
 * A change of who belongs to the cluster.
 *
 * @param removed id of a host that is to go
 * @param added a host that is to come; it runs already, with an empty disk
 */
public record ClusterChange(Optional<String> removed, Optional<ClusterHost> added) {

  public ClusterChange {
    if (removed.isEmpty() && added.isEmpty()) {
      throw new IllegalArgumentException("change: nothing (expected: a host to add or to remove)");
    }
  }

  /** A host more. */
  public static ClusterChange add(ClusterHost host) {
    return new ClusterChange(Optional.empty(), Optional.of(host));
  }

  /** A host less. */
  public static ClusterChange remove(String id) {
    return new ClusterChange(Optional.of(id), Optional.empty());
  }

  /** One host for another, in one step. */
  public static ClusterChange replace(String id, ClusterHost by) {
    return new ClusterChange(Optional.of(id), Optional.of(by));
  }
}
