package io.aliecs.relay.hosts;

import io.aliecs.relay.bus.status.ClusterStatus;

/**
 * Whether a host that has started has applied all that was safe then. What becomes safe meanwhile
 * does not count: under load a host that follows is hardly ever level with the leader. For one
 * thread.
 */
final class ReplayBarrier {
  private long safe = ClusterStatus.UNKNOWN;

  /** Whether it has, given how the group is now. */
  boolean isOver(ClusterStatus now) {
    if (safe < 0 && now.current()) {
      safe = now.index() + now.behind();
    }
    return safe >= 0 && now.index() >= safe;
  }
}
