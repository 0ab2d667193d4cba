package io.aliecs.relay.domain.aliecs;

import io.aliecs.relay.domain.command.EnvironmentEvent;

/** What has just happened to an environment, by an {@link EnvironmentEvent}. */
public enum EventType {
  /** The environment exists and is in STANDBY. */
  CREATED,
  /** A transition is being prepared; for START_ACTIVITY the run number is known by now. */
  BEFORE,
  /** The environment is about to leave {@code state}. */
  LEAVING,
  /** The environment has entered {@code state}. */
  ENTERED,
  /** A transition failed; the environment is in {@code state}. */
  FAILED,
  /** The environment is gone after DESTROY. */
  DESTROYED,
  /** Nothing happened by itself: the environment is in {@code state}. Finds what was missed. */
  OBSERVED,
  /** Like {@link #OBSERVED}, but only about run {@code runNumber} (AliECS's run events). */
  RUN_OBSERVED,
  /** AliECS has begun to tear it down; its end is to be expected. */
  TORN_DOWN
}
