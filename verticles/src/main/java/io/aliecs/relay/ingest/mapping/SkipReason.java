package io.aliecs.relay.ingest.mapping;

import java.util.Locale;

/** Why the relay does not follow a good record of AliECS's stream. */
public enum SkipReason {
  /** A record without a value (a tombstone), or with one of no bytes. */
  EMPTY,
  /** A payload that is not for the relay: tasks, calls, heartbeats, or one of a later AliECS. */
  OTHER_PAYLOAD,
  /** A creation that is under way or has failed: such an environment must never appear. */
  CREATION,
  /** A state that the relay does not follow, for example PENDING or MIXED. */
  OTHER_STATE,
  /** Leaving a state by a transition that the relay does not know. */
  OTHER_TRANSITION,
  /** A step that another event of the same transition reports better. */
  STEP,
  /** Needs a run number and has none. */
  NO_RUN_NUMBER,
  /** Read anew from a topic that was made anew, and older than what is known of the environment. */
  KNOWN_BETTER;

  /** The value of the metric's tag. */
  public String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
