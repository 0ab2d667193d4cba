package io.aliecs.relay.journal;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.domain.RelayState;
import java.util.Set;

/** Notified by the journal on its own threads, one call at a time; must not block. */
public interface JournalListener {
  /**
   * An entry, or a snapshot, was applied.
   *
   * @param environmentIds the environments it changed
   */
  void applied(long index, RelayState state, Set<String> environmentIds);

  /** An entry that cannot be applied was skipped, here as on every other host. */
  void skipped(long index, String reason);

  /** Who leads has changed. */
  void leadership(Leadership leadership);

  /** The journal cannot go on; somebody must look at it. May be repeated with a new reason. */
  void broken(String reason);

  /** The journal cannot be written; it can go on once it is opened anew. */
  default void unwritable(String reason) {
    broken(reason);
  }

  /** A journal that was {@link #broken} because it could not be written was opened anew. */
  default void recovered() {}
}
