package io.aliecs.relay.lab.simulate.events;

import io.aliecs.relay.proto.events.OpStatus;

/** The twelve events of one transition, fewer when it fails before the state has changed. */
record TransitionSteps(
    EventWriter out,
    AliEcsTransition transition,
    String source,
    AliEcsEvents.Run run,
    FailurePoint failure) {
  private static final String ERROR = "one or more critical hooks failed";
  private static final String TASKS_ERROR = "tasks did not complete the transition";

  /** Writes them; returns the state that the environment is in afterwards. */
  String write(long newRunNumber) {
    ends(source, OpStatus.STARTED, "transition starting", "");
    if (before(newRunNumber) && leave() && tasks()) {
      enter();
      after();
    }
    String state = failure.entersDestination() ? transition.destination() : source;
    if (failure == FailurePoint.NONE) {
      ends(state, OpStatus.DONE_OK, "transition completed successfully", "");
    } else {
      ends(state, OpStatus.DONE_ERROR, "transition error", error());
    }
    return state;
  }

  private boolean before(long newRunNumber) {
    String step = "before_" + transition;
    starting(source, step);
    if (failure == FailurePoint.BEFORE) {
      finished(source, step, OpStatus.DONE_ERROR, ERROR);
      return false;
    }
    if (transition == AliEcsTransition.START_ACTIVITY) {
      run.start(newRunNumber);
      out.addRun(source, run.number(), transition.name(), OpStatus.STARTED, "");
    } else if (endsRun() && run.end()) {
      out.addRun(source, run.number(), transition.name(), OpStatus.STARTED, "");
    }
    boolean failed = failure == FailurePoint.BEFORE_LATE;
    finished(source, step, OpStatus.ONGOING, failed ? ERROR : "");
    return !failed;
  }

  private boolean leave() {
    boolean failed = failure == FailurePoint.LEAVE;
    String step = "leave_" + source;
    starting(source, step);
    // AliECS writes DONE_ERROR here whether it failed or not; only the error differs.
    finished(source, step, OpStatus.DONE_ERROR, failed ? ERROR : "");
    return !failed;
  }

  private boolean tasks() {
    String step = "tasks_" + transition;
    starting(source, step);
    if (failure == FailurePoint.TASKS) {
      finished(source, step, OpStatus.DONE_ERROR, TASKS_ERROR);
      return false;
    }
    finished(transition.destination(), step, OpStatus.ONGOING, "");
    return true;
  }

  private void enter() {
    String step = "enter_" + transition.destination();
    starting(transition.destination(), step);
    if (failure == FailurePoint.ENTER) {
      finished(transition.destination(), step, OpStatus.DONE_ERROR, ERROR);
    } else {
      finished(transition.destination(), step, OpStatus.ONGOING, "");
    }
  }

  private void after() {
    String step = "after_" + transition;
    starting(transition.destination(), step);
    writeRunCompletion();
    boolean failed = failure != FailurePoint.NONE;
    finished(
        transition.destination(),
        step,
        failed ? OpStatus.DONE_ERROR : OpStatus.ONGOING,
        failed ? ERROR : "");
    if (endsRun()) {
      run.forget();
    }
  }

  private void writeRunCompletion() {
    boolean written =
        switch (transition) {
          case START_ACTIVITY -> true;
          case STOP_ACTIVITY -> {
            run.completeEnd();
            yield true;
          }
          case GO_ERROR -> run.completeEnd();
          default -> false;
        };
    if (written) {
      boolean failed = failure == FailurePoint.ENTER && transition != AliEcsTransition.GO_ERROR;
      out.addRun(
          transition.destination(),
          run.number(),
          transition.name(),
          failed ? OpStatus.DONE_ERROR : OpStatus.DONE_OK,
          failed ? ERROR : "");
    }
  }

  private boolean endsRun() {
    return transition == AliEcsTransition.STOP_ACTIVITY || transition == AliEcsTransition.GO_ERROR;
  }

  private String error() {
    return failure == FailurePoint.TASKS ? TASKS_ERROR : ERROR;
  }

  private void starting(String state, String step) {
    step(state, step, OpStatus.ONGOING, EventWriter.STARTING, "");
  }

  private void finished(String state, String step, OpStatus status, String error) {
    step(state, step, status, EventWriter.FINISHED, error);
  }

  private void ends(String state, OpStatus status, String message, String error) {
    step(state, "", status, message, error);
  }

  private void step(String state, String step, OpStatus status, String message, String error) {
    out.add(
        out.environment(state, run.number())
            .setTransition(transition.name())
            .setTransitionStep(step)
            .setTransitionStatus(status)
            .setMessage(message)
            .setError(error));
  }
}
