package io.aliecs.relay.retry;

import java.util.HashSet;
import java.util.Set;

/**
 * The reasons of a failure that the log has: those that take turns while it lasts are not said
 * again and again. Not thread safe.
 */
public final class ReasonsSaid {
  private static final int MOST = 100;

  private final Set<String> said = new HashSet<>();

  /** Whether that was not said since the failure began; from now on it was. */
  public boolean isNew(String reason) {
    if (said.size() == MOST) {
      said.clear();
    }
    return said.add(reason);
  }

  /** The failure is over: the next one is said anew. */
  public void over() {
    said.clear();
  }
}
