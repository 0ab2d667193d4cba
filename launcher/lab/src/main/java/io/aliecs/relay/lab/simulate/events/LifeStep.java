package io.aliecs.relay.lab.simulate.events;

/** Something that happens to an environment in a scripted life. */
public sealed interface LifeStep {

  /** It is created. */
  record Create() implements LifeStep {}

  /** Its creation is reported as complete: no transition. */
  record Announce() implements LifeStep {}

  /**
   * It cannot be created: its workflow does not load.
   *
   * @param message one of {@link AliEcsEvents#CREATION_FAILURES}
   */
  record NotCreated(String message) implements LifeStep {}

  /**
   * Its creation is reported as failed, after it was destroyed.
   *
   * @param message one of {@link AliEcsEvents#CREATION_FAILURES}
   */
  record CreationFailed(String message) implements LifeStep {}

  /** It makes a transition, START_ACTIVITY with the next run number. */
  record Move(AliEcsTransition transition, FailurePoint failure) implements LifeStep {
    /** A transition that succeeds. */
    Move(AliEcsTransition transition) {
      this(transition, FailurePoint.NONE);
    }
  }

  /**
   * It goes to ERROR.
   *
   * @param announced whether the event "GO_ERROR transition imminent" comes first
   */
  record GoError(boolean announced) implements LifeStep {}

  /** Its destruction fails: tasks cannot be released. Another attempt follows. */
  record NotDestroyed() implements LifeStep {}

  /** It is destroyed, whatever its state. */
  record Destroy() implements LifeStep {}
}
