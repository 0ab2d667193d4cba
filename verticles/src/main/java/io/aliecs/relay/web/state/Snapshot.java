package io.aliecs.relay.web.state;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;

/**
 * What every answer given at one time is made from. Immutable.
 *
 * @param version ascending; two snapshots of one process with the same version are the same
 */
public record Snapshot(long version, StateChanged changed, Leadership leadership) {

  public RelayState state() {
    return changed.state();
  }
}
