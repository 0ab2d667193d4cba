package io.aliecs.relay.domain.command;

/** What became of an event. */
public enum Verdict {
  /** It was the expected next step. */
  APPLIED,
  /** It was taken as the new truth, and what had been missed before it was made up for. */
  ADOPTED,
  /** It brings nothing new. */
  UNCHANGED,
  /** The same event was applied before. */
  DUPLICATE,
  /** It is older than what is known. */
  STALE,
  /** The environment is not known. */
  UNKNOWN_ENVIRONMENT,
  /** It is not a legal step. */
  REFUSED;

  /** True when the sender is done: the event is applied, or there was nothing to do. */
  public boolean isAccepted() {
    return this != UNKNOWN_ENVIRONMENT && this != REFUSED;
  }

  /** True when the environment is not what it was before. */
  public boolean hasEffect() {
    return this == APPLIED || this == ADOPTED;
  }
}
