package io.aliecs.relay.environment;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.domain.RelayState;
import java.util.Set;

/** Hears of the journal. Called on the journal's threads, one at a time; must not block. */
interface JournalListener {
  /**
   * An entry, or a snapshot, was applied.
   *
   * @param environmentIds the environments it changed
   */
  void applied(long index, RelayState state, Set<String> environmentIds);

  /** Who leads has changed. */
  void leadership(Leadership leadership);

  /** The journal cannot go on; this host must be looked at. */
  void broken(String reason);
}
