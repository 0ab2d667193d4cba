package io.aliecs.relay.ingest.mapping;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.ingest.mapping.MappingResult.Skipped;
import io.aliecs.relay.proto.events.Ev_RunEvent;
import io.aliecs.relay.proto.events.OpStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event of {@link StreamEventMapper#RUNS} means. It only backs up environment events that
 * were lost, so it never reports more of an environment than whether that run is active.
 *
 * <p>The start of GO_ERROR is skipped: it comes before the run is over and does not say which state
 * follows. TEARDOWN lets the end of the environment be expected.
 */
final class RunMapping {
  private RunMapping() {}

  /**
   * Maps an event.
   *
   * @throws IllegalArgumentException when a field is out of its range; the message names it
   */
  static MappingResult map(Ev_RunEvent event, Origin origin) {
    EventType type = type(event);
    if (type == null) {
      return new Skipped(SkipReason.STEP);
    }
    String id = event.getEnvironmentId();
    Long run = Origin.runNumber(event.getRunNumber());
    if (type == EventType.TORN_DOWN) {
      String eventId = origin.eventId(id, "run", event.getTransition(), event.getState());
      EnvironmentEvent end = origin.event(id, type, eventId).runNumber(run).build();
      return new MappingResult.Event(end, List.of());
    }
    if (run == null) {
      return new Skipped(SkipReason.NO_RUN_NUMBER);
    }
    State state = state(event, type);
    if (state == null) {
      return new Skipped(SkipReason.OTHER_STATE);
    }
    String eventId =
        origin.eventId(
            id,
            "run " + run,
            event.getTransition(),
            event.getTransitionStatus().name(),
            event.getState());
    EnvironmentEvent built =
        origin
            .event(id, type, eventId)
            .transition(Transition.named(event.getTransition()).orElse(null))
            .state(state)
            .runNumber(run)
            .build();
    return new MappingResult.Event(built, List.of());
  }

  private static @Nullable EventType type(Ev_RunEvent event) {
    OpStatus status = event.getTransitionStatus();
    boolean started = status == OpStatus.STARTED;
    boolean done = status == OpStatus.DONE_OK;
    return switch (event.getTransition()) {
      case "START_ACTIVITY" -> started ? EventType.BEFORE : done ? EventType.RUN_OBSERVED : null;
      case "STOP_ACTIVITY" -> started || done ? EventType.RUN_OBSERVED : null;
      case "GO_ERROR" -> done ? EventType.RUN_OBSERVED : null;
      case "TEARDOWN" -> started ? EventType.TORN_DOWN : null;
      default -> null;
    };
  }

  /** The state in the event, unless the environment cannot be in it at that moment. */
  private static @Nullable State state(Ev_RunEvent event, EventType type) {
    State state = State.named(event.getState()).filter(State::isLive).orElse(null);
    if (type == EventType.BEFORE) {
      return state == State.CONFIGURED ? state : null;
    }
    boolean stopped =
        !event.getTransition().equals("START_ACTIVITY")
            && event.getTransitionStatus() == OpStatus.DONE_OK;
    return stopped && state == State.RUNNING ? null : state;
  }
}
