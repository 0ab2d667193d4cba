package io.aliecs.relay.lab.simulate.events;

import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Ev_RunEvent;
import java.util.List;

/** Events as one line of text each, to compare whole sequences. */
final class EventText {
  private EventText() {}

  /**
   * {@code state run transition/step STATUS 'message' !error} of environment events, {@code RUN
   * state run transition STATUS !error} of run events; what is empty is left out.
   */
  static List<String> lines(List<SimulatedEvent> events) {
    return events.stream().map(EventText::line).toList();
  }

  private static String line(SimulatedEvent event) {
    return switch (event.event().getPayloadCase()) {
      case ENVIRONMENTEVENT -> environment(event.event().getEnvironmentEvent());
      case RUNEVENT -> run(event.event().getRunEvent());
      case CORESTARTEVENT -> "CORE";
      case PAYLOAD_NOT_SET -> "OTHER";
    };
  }

  private static String environment(Ev_EnvironmentEvent event) {
    String transition =
        event.getTransition().isEmpty()
            ? "-"
            : event.getTransition()
                + (event.getTransitionStep().isEmpty() ? "" : "/" + event.getTransitionStep())
                + " "
                + event.getTransitionStatus();
    return event.getState()
        + " "
        + event.getRunNumber()
        + " "
        + transition
        + " '"
        + event.getMessage()
        + "'"
        + error(event.getError());
  }

  private static String run(Ev_RunEvent event) {
    return "RUN "
        + event.getState()
        + " "
        + event.getRunNumber()
        + " "
        + event.getTransition()
        + " "
        + event.getTransitionStatus()
        + error(event.getError());
  }

  private static String error(String error) {
    return error.isEmpty() ? "" : " !";
  }
}
