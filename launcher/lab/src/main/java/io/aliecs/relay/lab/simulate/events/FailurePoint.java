package io.aliecs.relay.lab.simulate.events;

/** Where a transition fails; up to {@link #TASKS} the environment stays in the state it was in. */
public enum FailurePoint {
  /** It succeeds. */
  NONE,
  /** In a hook before the transition; a START_ACTIVITY has no run number yet. */
  BEFORE,
  /** In a later hook before the transition; a START_ACTIVITY has its run number. */
  BEFORE_LATE,
  /** In a hook when leaving the state. */
  LEAVE,
  /** In the tasks. */
  TASKS,
  /** In a hook when entering the new state, which is entered nevertheless. */
  ENTER,
  /** In a hook after the new state was entered. */
  AFTER;

  /** Whether the environment is in the new state in spite of the failure. */
  public boolean entersDestination() {
    return this == NONE || this == ENTER || this == AFTER;
  }
}
