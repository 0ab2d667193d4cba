package io.aliecs.relay.lab.acceptance;

import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
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

  /** When the run has its number. */
  long announcing(long run) {
    return events.stream()
        .map(SimulatedEvent::event)
        .filter(event -> event.getRunEvent().getTransition().equals("START_ACTIVITY"))
        .filter(event -> event.getRunEvent().getTransitionStatus() == OpStatus.STARTED)
        .filter(event -> event.getRunEvent().getRunNumber() == (int) run)
        .mapToLong(Event::getTimestamp)
        .findFirst()
        .orElseThrow(() -> new AssertionError("run " + run + " does not start in " + events));
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
