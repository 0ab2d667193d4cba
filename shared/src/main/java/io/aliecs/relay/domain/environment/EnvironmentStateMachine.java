package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import java.util.List;
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
 * <p>An observed event that is older than what is known is stale, and one that says of another run
 * than the active one that it is over ends nothing. Old is what comes earlier in its own partition,
 * and across partitions what has the earlier time. Run numbers say nothing about age.
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
    Outcome outcome = change(environment, event);
    Environment same = outcome.environment();
    return outcome.verdict() == Verdict.UNCHANGED
            && same != null
            && EnvironmentChange.tellsWorkflow(same, event)
        ? EnvironmentChange.learningWorkflow(same, event).done(Verdict.APPLIED)
        : outcome;
  }

  /** Applies an event to an environment that was taken to be gone although AliECS never said so. */
  public static Outcome comeBack(Environment ended, EnvironmentEvent event) {
    return ended.knows(event.eventId())
        ? Outcome.of(Verdict.DUPLICATE, ended, "applied before")
        : meet(event, () -> EnvironmentChange.returning(ended, event));
  }

  /** Ends an environment that is taken to be gone although AliECS has not said so. */
  public static Outcome end(Environment environment, EnvironmentEvent event) {
    return EnvironmentChange.changing(environment, event).destroy().done(Verdict.APPLIED);
  }

  private static Outcome change(Environment environment, EnvironmentEvent event) {
    return switch (event.type()) {
      case CREATED -> create(environment, event);
      case BEFORE -> before(environment, event);
      case LEAVING -> leaving(environment, event);
      case ENTERED -> entered(environment, event);
      case FAILED -> failed(environment, event);
      case DESTROYED -> destroyed(environment, event);
      case OBSERVED -> observed(environment, event);
      case RUN_OBSERVED -> runObserved(environment, event);
      case TORN_DOWN -> tornDown(environment, event);
    };
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
      return Outcome.of(Verdict.REFUSED, null, missingRunNumber());
    }
    EnvironmentChange change = meeting.get().enter(state);
    if (event.type() == EventType.BEFORE && change.announces()) {
      change.announceRun();
    } else if (event.type() == EventType.LEAVING) {
      change.leave(event.transition());
    }
    return change.done(Verdict.ADOPTED);
  }

  /** What AliECS says of an environment that it could not make: in ERROR, by no transition. */
  private static boolean failsToBeMade(EnvironmentEvent event) {
    return event.source() != null
        && event.type() == EventType.OBSERVED
        && event.state() == State.ERROR
        && event.transition() == null;
  }

  /** The creation is told once; what an adopted environment was never told of is still taken. */
  private static Outcome create(Environment environment, EnvironmentEvent event) {
    if (!event.observed()) {
      return Outcome.of(Verdict.REFUSED, environment, "known already, in " + environment.state());
    }
    if (environment.state() != State.STANDBY && event.timestamp() > environment.heardAt()) {
      return reconcile(environment, event, State.STANDBY, false); // made anew
    }
    boolean news =
        (environment.detectors().isEmpty() && isTold(event.detectors()))
            || (environment.runType() == null && event.runType() != null)
            || EnvironmentChange.correctsPublishing(environment, event);
    return news
        ? EnvironmentChange.completing(environment, event).done(Verdict.ADOPTED)
        : Outcome.of(Verdict.UNCHANGED, environment.confirmedBy(event), "known already");
  }

  private static boolean isTold(@Nullable List<String> detectors) {
    return detectors != null && !detectors.isEmpty();
  }

  private static Outcome before(Environment environment, EnvironmentEvent event) {
    if (event.transition() != Transition.START_ACTIVITY) {
      return Outcome.of(Verdict.UNCHANGED, environment, "only START_ACTIVITY is announced");
    }
    Long run = event.runNumber();
    if (run == null) {
      return Outcome.of(Verdict.REFUSED, environment, missingRunNumber());
    }
    if (!event.observed() && environment.state() != State.CONFIGURED) {
      return illegal(environment, event);
    }
    if (environment.isAnnounced(run) || isActive(environment, run)) {
      return Outcome.of(Verdict.UNCHANGED, environment, "run " + run + " is known already");
    }
    // Until AliECS has the next run it names the one that failed before.
    if (environment.endOf(run) != null) {
      return over(environment, event, run);
    }
    EnvironmentChange change = EnvironmentChange.changing(environment, event);
    if (environment.state() == State.CONFIGURED) {
      return isBehind(environment, event)
          ? older(environment)
          : change.announceRun().done(Verdict.APPLIED);
    }
    return isOlder(environment, event)
        ? older(environment)
        : change.enter(State.CONFIGURED).announceRun().done(Verdict.ADOPTED);
  }

  private static Outcome leaving(Environment environment, EnvironmentEvent event) {
    Transition transition = event.transition();
    State state = event.state() == null ? environment.state() : event.state();
    if (!event.observed()
        && (state != environment.state()
            || transition == null
            || !transition.startsFrom(environment.state()))) {
      return illegal(environment, event);
    }
    if (state != environment.state() || !sameRun(environment, event)) {
      return reconcile(environment, event, state, true);
    }
    Long run = transition == Transition.START_ACTIVITY ? event.runNumber() : null;
    if (run != null && isOver(environment, event, run)) {
      return over(environment, event, run);
    }
    return isBehind(environment, event)
        ? older(environment)
        : EnvironmentChange.changing(environment, event).leave(transition).done(Verdict.APPLIED);
  }

  private static Outcome entered(Environment environment, EnvironmentEvent event) {
    Transition transition = event.transition();
    State state = target(environment, event);
    boolean legal =
        transition != null
            && transition.startsFrom(environment.state())
            && state == transition.destination();
    if (!legal || !sameRun(environment, event)) {
      return reconcile(environment, event, state, false);
    }
    if (state.isLive() && isBehind(environment, event)) {
      return older(environment);
    }
    if (state == State.UNKNOWN) {
      return destroyed(environment, event);
    }
    if (state == State.DONE) {
      return EnvironmentChange.changing(environment, event).exit().done(Verdict.APPLIED);
    }
    Outcome refusal = null;
    if (state == State.RUNNING) {
      Long run = event.runNumber();
      refusal =
          run != null && isOver(environment, event, run)
              ? over(environment, event, run)
              : checkNumber(environment, event);
    }
    return refusal == null
        ? EnvironmentChange.changing(environment, event).enter(state).done(Verdict.APPLIED)
        : refusal;
  }

  private static State target(Environment environment, EnvironmentEvent event) {
    if (event.state() != null) {
      return event.state();
    }
    return event.transition() == null ? environment.state() : event.transition().destination();
  }

  private static Outcome failed(Environment environment, EnvironmentEvent event) {
    State state = event.state() == null ? environment.state() : event.state();
    if (state != environment.state() || !sameRun(environment, event)) {
      return reconcile(environment, event, state, false);
    }
    Long run = event.runNumber();
    if (run != null && environment.endOf(run) != null) {
      return Outcome.of(Verdict.STALE, environment, "run " + run + " is over");
    }
    return isBehind(environment, event)
        ? older(environment)
        : EnvironmentChange.changing(environment, event).fail().done(Verdict.APPLIED);
  }

  private static Outcome destroyed(Environment environment, EnvironmentEvent event) {
    return EnvironmentChange.changing(environment, event).destroy().done(Verdict.APPLIED);
  }

  /** What follows from it is seen to with the pending ends of all environments. */
  private static Outcome tornDown(Environment environment, EnvironmentEvent event) {
    if (!event.observed()) {
      return Outcome.of(Verdict.REFUSED, environment, "only AliECS tears an environment down");
    }
    return environment.ending() != null || isOlder(environment, event)
        ? Outcome.of(Verdict.UNCHANGED, environment, "its end is expected already")
        : EnvironmentChange.changing(environment, event).done(Verdict.APPLIED);
  }

  private static Outcome observed(Environment environment, EnvironmentEvent event) {
    State state = event.state();
    return state == null
        ? Outcome.of(Verdict.UNCHANGED, environment, "")
        : reconcile(environment, event, state, false);
  }

  /** AliECS's run events say nothing but whether that run is active. */
  private static Outcome runObserved(Environment environment, EnvironmentEvent event) {
    Long number = event.runNumber();
    State state = event.state();
    if (number == null || state == null || !state.isLive()) {
      return Outcome.of(Verdict.UNCHANGED, environment, "no run");
    }
    boolean active = isActive(environment, number);
    if (state == State.RUNNING) {
      return active
          ? Outcome.of(Verdict.UNCHANGED, environment, "")
          : reconcile(environment, event, State.RUNNING, false);
    }
    return active
        ? reconcile(environment, event, state, false)
        : Outcome.of(Verdict.UNCHANGED, environment, "");
  }

  /** An observed event that is not the next step: the new truth, unless it is an old one. */
  private static Outcome reconcile(
      Environment environment, EnvironmentEvent event, State state, boolean leavingIt) {
    if (!event.observed()) {
      return illegal(environment, event);
    }
    if (state == environment.state() && sameRun(environment, event)) {
      return Outcome.of(Verdict.UNCHANGED, environment.confirmedBy(event), "");
    }
    if (!state.isLive()) { // the last that is ever said of it, so never too old
      return EnvironmentChange.changing(environment, event).destroy().done(Verdict.ADOPTED);
    }
    if (isOlder(environment, event)) {
      return older(environment);
    }
    if (state != State.RUNNING && !sameRun(environment, event) && !startsRun(event)) {
      String other = "it is about run " + event.runNumber() + ", which is not the active one";
      return Outcome.of(Verdict.STALE, environment, other);
    }
    Outcome refusal = state == State.RUNNING ? checkRun(environment, event) : null;
    if (refusal != null) {
      return refusal;
    }
    EnvironmentChange change = EnvironmentChange.changing(environment, event).enter(state);
    if (leavingIt) {
      change.leave(event.transition());
    }
    return change.done(Verdict.ADOPTED);
  }

  /** Whether the environment is on its way to the run of that event, and so is in no other. */
  private static boolean startsRun(EnvironmentEvent event) {
    return event.transition() == Transition.START_ACTIVITY && event.type() == EventType.LEAVING;
  }

  /** Why that event, which is not the next step, cannot start a run, or null when it can. */
  private static @Nullable Outcome checkRun(Environment environment, EnvironmentEvent event) {
    Long number = event.runNumber();
    return number != null && environment.endOf(number) != null
        ? over(environment, event, number)
        : checkNumber(environment, event);
  }

  private static @Nullable Outcome checkNumber(Environment environment, EnvironmentEvent event) {
    return event.runNumber() == null && environment.announcedRun() == 0
        ? Outcome.of(Verdict.REFUSED, environment, missingRunNumber())
        : null;
  }

  private static Outcome over(Environment environment, EnvironmentEvent event, long runNumber) {
    return event.observed()
        ? Outcome.of(Verdict.STALE, environment, "run " + runNumber + " is over")
        : Outcome.of(
            Verdict.REFUSED,
            environment,
            "runNumber: " + runNumber + " (expected: another one, that run is over)");
  }

  /**
   * Whether the run that a next step would start is over. A later step of AliECS with the same
   * number starts it again: a restored Consul can give a number twice.
   */
  private static boolean isOver(Environment environment, EnvironmentEvent event, long runNumber) {
    EndedRun end = environment.endOf(runNumber);
    return end != null && (!event.observed() || event.timestamp() <= end.endedAt());
  }

  private static boolean isActive(Environment environment, long runNumber) {
    return environment.run() != null && environment.run().number() == runNumber;
  }

  private static boolean sameRun(Environment environment, EnvironmentEvent event) {
    return environment.run() == null
        || event.runNumber() == null
        || isActive(environment, event.runNumber());
  }

  private static boolean isOlder(Environment environment, EnvironmentEvent event) {
    return environment.latest().isAfter(event);
  }

  /** Whether an event that could be the next step is an old one of another partition. */
  private static boolean isBehind(Environment environment, EnvironmentEvent event) {
    return event.observed()
        && isOlder(environment, event)
        && !environment.latest().isInOrderWith(event);
  }

  private static Outcome older(Environment environment) {
    return Outcome.of(Verdict.STALE, environment, "older than what is known");
  }

  private static String missingRunNumber() {
    return "runNumber: absent (expected: 1 to " + EnvironmentEvent.MAX_RUN_NUMBER + ")";
  }

  private static Outcome illegal(Environment environment, EnvironmentEvent event) {
    Run run = environment.run();
    if (run != null && !sameRun(environment, event)) {
      String wrong = "runNumber: " + event.runNumber() + " (expected: " + run.number();
      return Outcome.of(Verdict.REFUSED, environment, wrong + ", the active run)");
    }
    Transition transition = event.transition();
    List<State> sources =
        transition == null ? List.of() : transition.sources().stream().sorted().toList();
    String expected =
        transition == null
            ? environment.state() + ", or an event that is observed"
            : transition + " from " + sources + " to " + transition.destination();
    String found =
        event.type()
            + (event.state() == null ? "" : " " + event.state())
            + " while in "
            + environment.state();
    return Outcome.of(Verdict.REFUSED, environment, found + " (expected: " + expected + ")");
  }
}
