package io.aliecs.relay.bus;

import io.aliecs.relay.domain.RelayState;
import java.util.Set;

/**
 * The state behind one journal entry.
 *
 * @param index index of the entry in the journal, ascending with gaps
 * @param state the whole state; immutable, shares with its neighbours what did not change
 * @param environmentIds the environments that this entry changed
 * @param appliedAt when this host applied it, ms since epoch
 */
public record StateChanged(
    long index, RelayState state, Set<String> environmentIds, long appliedAt) {
  public StateChanged {
    environmentIds = Set.copyOf(environmentIds);
  }
}
