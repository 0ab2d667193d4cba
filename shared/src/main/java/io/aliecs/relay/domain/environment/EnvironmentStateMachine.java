package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Applies events to one environment and derives the messages. Pure: the same input gives the same
 * result on every host.
 *
 * <p>A legal step gives exactly the messages of its transition. An observed step that is not the
 * next one is adopted: the messages that readers need to follow are made up for (a run that is
 * suddenly RUNNING gets its SOR, one that is suddenly over its EOR).
 *
 * <p>An observed event that is older than what is known is stale, and the end of another run than
 * the active one ends nothing. Old is what comes earlier in its own partition, and across
 * partitions what has the earlier time. Run numbers say nothing about age.
 */
public final class EnvironmentStateMachine {
  private EnvironmentStateMachine() {}

  /**
   * Applies an event.
   *
   * @param environment the environment as known so far, or null when it is not known
   * @param publishByDefault whether an environment without a {@code kafka_enabled} is published
   */
  public static Outcome apply(
      @Nullable Environment environment, EnvironmentEvent event, boolean publishByDefault) {
    if (environment == null) {
      return meet(event, () -> EnvironmentChange.meeting(event, publishByDefault));
    }
    if (environment.knows(event.eventId())) {
      return Outcome.of(Verdict.DUPLICATE, environment, "applied before");
    }
    if (!environment.state().isLive()) {
      return event.observed()
          ? Outcome.of(Verdict.STALE, environment, "the environment has ended")
          : Outcome.of(Verdict.REFUSED, environment, "the environment has ended");
    }
    Outcome outcome = new TrackedEvent(environment, event).outcome();
    Environment same = outcome.environment();
    return outcome.verdict() == Verdict.UNCHANGED
            && same != null
            && EnvironmentChange.namesWorkflow(same, event)
        ? EnvironmentChange.learningWorkflow(same, event).done(Verdict.APPLIED)
        : outcome;
  }

  /**
   * Applies an event to an environment that was taken to be gone although AliECS never reported it.
   */
  public static Outcome comeBack(Environment ended, EnvironmentEvent event) {
    return ended.knows(event.eventId())
        ? Outcome.of(Verdict.DUPLICATE, ended, "applied before")
        : meet(event, () -> EnvironmentChange.returning(ended, event));
  }

  /** Ends an environment that is taken to be gone although AliECS has not reported it. */
  public static Outcome end(Environment environment, EnvironmentEvent event) {
    return EnvironmentChange.changing(environment, event).end(State.UNKNOWN).done(Verdict.APPLIED);
  }

  /** An event for an environment that is not known. */
  private static Outcome meet(EnvironmentEvent event, Supplier<EnvironmentChange> meeting) {
    if (event.type() == EventType.CREATED) {
      return meeting.get().enter(State.STANDBY).done(Verdict.APPLIED);
    }
    if (!event.observed()) {
      return Outcome.of(
          Verdict.UNKNOWN_ENVIRONMENT, null, "not known (expected: an event CREATED first)");
    }
    State state = event.state();
    if (state == null && event.type() == EventType.ENTERED && event.transition() != null) {
      state = event.transition().destination();
    }
    boolean goingAway =
        event.transition() == Transition.DESTROY || event.type() == EventType.TORN_DOWN;
    boolean noRun = event.type() == EventType.RUN_OBSERVED && state != State.RUNNING;
    if (state == null || !state.isLive() || goingAway || noRun || failsToBeMade(event)) {
      return Outcome.of(Verdict.UNCHANGED, null, "not known, and nothing to follow");
    }
    if (state == State.RUNNING && event.runNumber() == null) {
      return Outcome.of(Verdict.REFUSED, null, TrackedEvent.MISSING_RUN_NUMBER);
    }
    EnvironmentChange change = meeting.get().enter(state);
    if (event.type() == EventType.BEFORE && change.announces()) {
      change.announceRun();
    } else if (event.type() == EventType.LEAVING) {
      change.leave(event.transition());
    }
    return change.done(Verdict.ADOPTED);
  }

  /** Whether AliECS reports an environment that it could not make: in ERROR, by no transition. */
  private static boolean failsToBeMade(EnvironmentEvent event) {
    return event.source() != null
        && event.type() == EventType.OBSERVED
        && event.state() == State.ERROR
        && event.transition() == null;
  }
}
