package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;

/** A new event of an environment that is tracked and has not ended, and what it does to it. */
record TrackedEvent(Environment environment, EnvironmentEvent event) {
  static final String MISSING_RUN_NUMBER =
      "runNumber: absent (expected: 1 to " + EnvironmentEvent.MAX_RUN_NUMBER + ")";

  Outcome outcome() {
    return switch (event.type()) {
      case CREATED -> created();
      case BEFORE -> before();
      case LEAVING -> leaving();
      case ENTERED -> entered();
      case FAILED -> failed();
      case DESTROYED -> change().end(State.UNKNOWN).done(Verdict.APPLIED);
      case OBSERVED -> observed();
      case RUN_OBSERVED -> runObserved();
      case TORN_DOWN -> tornDown();
    };
  }

  /** The creation is published once; what was missing of an adopted environment is still taken. */
  private Outcome created() {
    if (!event.observed()) {
      return outcome(Verdict.REFUSED, "known already, in " + environment.state());
    }
    if (environment.state() != State.STANDBY && event.timestamp() > environment.lastEventAt()) {
      return reconcile(State.STANDBY, false); // made anew
    }
    boolean news =
        (environment.detectors().isEmpty() && EnvironmentChange.givesDetectors(event))
            || (environment.runType() == null && event.runType() != null)
            || EnvironmentChange.correctsPublishing(environment, event);
    return news
        ? EnvironmentChange.completing(environment, event).done(Verdict.ADOPTED)
        : Outcome.of(Verdict.UNCHANGED, environment.confirmedBy(event), "known already");
  }

  private Outcome before() {
    if (event.transition() != Transition.START_ACTIVITY) {
      return outcome(Verdict.UNCHANGED, "only START_ACTIVITY is announced");
    }
    Long run = event.runNumber();
    if (run == null) {
      return outcome(Verdict.REFUSED, MISSING_RUN_NUMBER);
    }
    if (!event.observed() && environment.state() != State.CONFIGURED) {
      return illegal();
    }
    if (environment.isAnnounced(run) || isActive(run)) {
      return outcome(Verdict.UNCHANGED, "run " + run + " is known already");
    }
    // Until AliECS has the next run it names the one that failed before.
    if (environment.endOf(run) != null) {
      return over(run);
    }
    if (environment.state() == State.CONFIGURED) {
      return isBehind() ? older() : change().announceRun().done(Verdict.APPLIED);
    }
    return isOlder()
        ? older()
        : change().enter(State.CONFIGURED).announceRun().done(Verdict.ADOPTED);
  }

  private Outcome leaving() {
    Transition transition = event.transition();
    State state = stateOrCurrent();
    if (!event.observed()
        && (state != environment.state()
            || transition == null
            || !transition.startsFrom(environment.state()))) {
      return illegal();
    }
    if (state != environment.state() || !isSameRun()) {
      return reconcile(state, true);
    }
    Long run = transition == Transition.START_ACTIVITY ? event.runNumber() : null;
    if (run != null && isOver(run)) {
      return over(run);
    }
    return isBehind() ? older() : change().leave(transition).done(Verdict.APPLIED);
  }

  private Outcome entered() {
    Transition transition = event.transition();
    State state =
        event.state() == null && transition != null ? transition.destination() : stateOrCurrent();
    boolean legal =
        transition != null
            && transition.startsFrom(environment.state())
            && state == transition.destination();
    if (!legal || !isSameRun()) {
      return reconcile(state, false);
    }
    if (!state.isLive()) {
      return change().end(state).done(Verdict.APPLIED);
    }
    if (isBehind()) {
      return older();
    }
    Long run = event.runNumber();
    if (state == State.RUNNING && run != null && isOver(run)) {
      return over(run);
    }
    return state == State.RUNNING && lacksRunNumber()
        ? outcome(Verdict.REFUSED, MISSING_RUN_NUMBER)
        : change().enter(state).done(Verdict.APPLIED);
  }

  private Outcome failed() {
    State state = stateOrCurrent();
    if (state != environment.state() || !isSameRun()) {
      return reconcile(state, false);
    }
    Long run = event.runNumber();
    if (run != null && environment.endOf(run) != null) {
      return outcome(Verdict.STALE, "run " + run + " is over");
    }
    return isBehind() ? older() : change().fail().done(Verdict.APPLIED);
  }

  /** What follows from it is done with the pending ends of all environments. */
  private Outcome tornDown() {
    if (!event.observed()) {
      return outcome(Verdict.REFUSED, "only AliECS tears an environment down");
    }
    return environment.ending() != null || isOlder()
        ? outcome(Verdict.UNCHANGED, "its end is expected already")
        : change().done(Verdict.APPLIED);
  }

  private Outcome observed() {
    State state = event.state();
    return state == null ? outcome(Verdict.UNCHANGED, "") : reconcile(state, false);
  }

  /** AliECS's run events report nothing but whether that run is active. */
  private Outcome runObserved() {
    Long number = event.runNumber();
    State state = event.state();
    if (number == null || state == null || !state.isLive()) {
      return outcome(Verdict.UNCHANGED, "no run");
    }
    return isActive(number) == (state == State.RUNNING)
        ? outcome(Verdict.UNCHANGED, "")
        : reconcile(state, false);
  }

  /** An observed event that is not the next step: the new truth, unless it is an old one. */
  private Outcome reconcile(State state, boolean leavingIt) {
    if (!event.observed()) {
      return illegal();
    }
    if (state == environment.state() && isSameRun()) {
      return Outcome.of(Verdict.UNCHANGED, environment.confirmedBy(event), "");
    }
    if (!state.isLive()) { // the last event there will ever be of it, so never too old
      return change().end(State.UNKNOWN).done(Verdict.ADOPTED);
    }
    if (isOlder()) {
      return older();
    }
    if (state != State.RUNNING && !isSameRun() && !startsRun()) {
      return outcome(
          Verdict.STALE, "it is about run " + event.runNumber() + ", which is not the active one");
    }
    Long run = event.runNumber();
    if (state == State.RUNNING && run != null && environment.endOf(run) != null) {
      return over(run);
    }
    if (state == State.RUNNING && lacksRunNumber()) {
      return outcome(Verdict.REFUSED, MISSING_RUN_NUMBER);
    }
    EnvironmentChange change = change().enter(state);
    if (leavingIt) {
      change.leave(event.transition());
    }
    return change.done(Verdict.ADOPTED);
  }

  private EnvironmentChange change() {
    return EnvironmentChange.changing(environment, event);
  }

  private State stateOrCurrent() {
    return event.state() == null ? environment.state() : event.state();
  }

  /** Whether the environment is on its way to the run of that event, and so is in no other. */
  private boolean startsRun() {
    return event.transition() == Transition.START_ACTIVITY && event.type() == EventType.LEAVING;
  }

  private boolean lacksRunNumber() {
    return event.runNumber() == null && environment.announcedRun() == 0;
  }

  /**
   * Whether the run that a next step would start is over. A later step of AliECS with the same
   * number starts it again: a restored Consul can give a number twice.
   */
  private boolean isOver(long runNumber) {
    EndedRun end = environment.endOf(runNumber);
    return end != null && (!event.observed() || event.timestamp() <= end.endedAt());
  }

  private boolean isActive(long runNumber) {
    return environment.run() != null && environment.run().number() == runNumber;
  }

  private boolean isSameRun() {
    return environment.run() == null || event.runNumber() == null || isActive(event.runNumber());
  }

  private boolean isOlder() {
    return environment.latest().isAfter(event);
  }

  /** Whether an event that could be the next step is an old one of another partition. */
  private boolean isBehind() {
    return event.observed() && isOlder() && !environment.latest().isInOrderWith(event);
  }

  private Outcome outcome(Verdict verdict, String reason) {
    return Outcome.of(verdict, environment, reason);
  }

  private Outcome older() {
    return outcome(Verdict.STALE, "older than what is known");
  }

  private Outcome over(long runNumber) {
    return event.observed()
        ? outcome(Verdict.STALE, "run " + runNumber + " is over")
        : outcome(
            Verdict.REFUSED,
            "runNumber: " + runNumber + " (expected: another one, that run is over)");
  }

  private Outcome illegal() {
    Run run = environment.run();
    if (run != null && !isSameRun()) {
      String wrong = "runNumber: " + event.runNumber() + " (expected: " + run.number();
      return outcome(Verdict.REFUSED, wrong + ", the active run)");
    }
    Transition transition = event.transition();
    String expected =
        transition == null
            ? environment.state() + ", or an event that is observed"
            : transition
                + " from "
                + transition.sources().stream().sorted().toList()
                + " to "
                + transition.destination();
    String found =
        event.type()
            + (event.state() == null ? "" : " " + event.state())
            + " while in "
            + environment.state();
    return outcome(Verdict.REFUSED, found + " (expected: " + expected + ")");
  }
}
