package io.aliecs.relay.launcher.acceptance;

import io.aliecs.relay.launcher.simulate.SimulatedEvent;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import java.util.List;
import java.util.function.Predicate;

/** When the events of one step of a life happened, ms since epoch. */
record EventTimes(List<SimulatedEvent> events) {

  /** The event that says that a step begins. */
  long starting(String step) {
    return first(
        step,
        event ->
            event.getTransitionStep().equals(step)
                && event.getMessage().equals("transition step starting"));
  }

  /** The event before a start that first has its run number: one that failed leaves an old one. */
  long announcing(long run) {
    return first(
        "before_START_ACTIVITY with run " + run,
        event ->
            event.getTransitionStep().equals("before_START_ACTIVITY")
                && event.getRunNumber() == (int) run);
  }

  /** The event of a destruction or creation with that message. */
  long saying(String message) {
    return first(message, event -> event.getMessage().equals(message));
  }

  /** When the new environment says it has entered STANDBY. */
  long creation() {
    return events.stream()
        .map(event -> event.event().getEnvironmentEvent())
        .filter(event -> event.containsVars("enter_state_time_ms"))
        .mapToLong(event -> Long.parseLong(event.getVarsOrThrow("enter_state_time_ms")))
        .findFirst()
        .orElseThrow();
  }

  private long first(String what, Predicate<Ev_EnvironmentEvent> wanted) {
    return events.stream()
        .filter(event -> wanted.test(event.event().getEnvironmentEvent()))
        .mapToLong(event -> event.event().getTimestamp())
        .findFirst()
        .orElseThrow(() -> new AssertionError("no event '" + what + "' in " + events));
  }
}
