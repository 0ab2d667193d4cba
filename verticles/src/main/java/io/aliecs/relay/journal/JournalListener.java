package io.aliecs.relay.journal;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.domain.RelayState;
import java.util.Set;

/** Hears of the journal. Called on the journal's threads, one at a time; must not block. */
public interface JournalListener {
  /**
   * An entry, or a snapshot, was applied.
   *
   * @param environmentIds the environments it changed
   */
  void applied(long index, RelayState state, Set<String> environmentIds);

  /** An entry that cannot be applied was passed over, here as on every other host. */
  void skipped(long index, String reason);

  /** Who leads has changed. */
  void leadership(Leadership leadership);

  /** The journal cannot go on; somebody must look at it. May be said again with a new reason. */
  void broken(String reason);

  /** The journal cannot be written; it can go on once it is opened anew. */
  void unwritable(String reason);

  /** A journal that could not be written can be written again. */
  void recovered();
}
