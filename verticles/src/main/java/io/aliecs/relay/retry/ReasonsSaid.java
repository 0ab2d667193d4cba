package io.aliecs.relay.retry;

import java.util.HashSet;
import java.util.Set;

/**
 * The reasons of a failure that are in the log already: those that alternate while it lasts are not
 * logged again and again. Not thread safe.
 */
public final class ReasonsSaid {
  private static final int MOST = 100;

  private final Set<String> said = new HashSet<>();

  /** Whether a reason is the first of its kind since the failure began; notes it. */
  public boolean isNew(String reason) {
    if (said.size() == MOST) {
      said.clear();
    }
    return said.add(reason);
  }

  /** The failure is over: the reasons of the next one are all new. */
  public void over() {
    said.clear();
  }
}
