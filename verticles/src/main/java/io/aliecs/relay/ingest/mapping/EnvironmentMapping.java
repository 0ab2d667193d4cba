package io.aliecs.relay.ingest.mapping;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.ingest.mapping.MappingResult.Skipped;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.OpStatus;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an event of {@link StreamEventMapper#ENVIRONMENTS} means. One object maps one event.
 *
 * <p>A transition from SRC to DST is followed by its events 1 (no step, STARTED), 3
 * (before_START_ACTIVITY with the run number), 4 (leave_SRC), 8 (enter_DST) and 12 (no step, DONE);
 * the others are skipped. Event 5 has DONE_ERROR even when leaving went well: it is never believed.
 */
final class EnvironmentMapping {
  private static final String CREATE = "CREATE";
  private static final String AFTER_CREATE = "after_CREATE";
  private static final String AFTER_DESTROY = "after_DESTROY";
  private static final String BEFORE_START = "before_START_ACTIVITY";
  private static final String LEAVE = "leave_";
  private static final String ENTER = "enter_";
  private static final String STARTING = "transition step starting";
  private static final String FINISHED = "transition step finished";
  private static final String GO_ERROR = "GO_ERROR";

  /** The messages, in ERROR, about an environment that never came to be. */
  private static final List<String> CREATION_FAILED =
      List.of(
          "cannot create new environment",
          "cannot get newly created environment",
          "cannot load workflow");

  private final Ev_EnvironmentEvent event;
  private final Origin origin;
  private final OpStatus status;
  private final @Nullable State state;
  private final @Nullable Transition transition;
  private final Workflows workflows;

  private EnvironmentMapping(Ev_EnvironmentEvent event, Origin origin, Workflows workflows) {
    this.event = event;
    this.workflows = workflows;
    this.origin = origin;
    status = event.getTransitionStatus();
    state = State.named(event.getState()).filter(s -> s != State.UNKNOWN).orElse(null);
    transition = Transition.named(event.getTransition()).orElse(null);
  }

  /**
   * Maps an event.
   *
   * @throws IllegalArgumentException when a field is out of its range; the message names it
   */
  static MappingResult map(Ev_EnvironmentEvent event, Origin origin, Workflows workflows) {
    return new EnvironmentMapping(event, origin, workflows).map();
  }

  private MappingResult map() {
    String step = event.getTransitionStep();
    if (step.equals(AFTER_CREATE) && status == OpStatus.DONE_OK) {
      return created();
    }
    if (event.getTransition().equals(CREATE) || creationFailed()) {
      return new Skipped(SkipReason.CREATION);
    }
    if (step.isEmpty()) {
      return whole();
    }
    if (step.startsWith(LEAVE)) {
      return leaving(step.substring(LEAVE.length()));
    }
    if (step.startsWith(ENTER)) {
      return entered(step.substring(ENTER.length()));
    }
    if (step.equals(BEFORE_START)) {
      return beforeStart();
    }
    boolean gone = step.equals(AFTER_DESTROY) && (isOngoing() || state == State.DONE);
    return gone ? event(build(EventType.DESTROYED, null)) : new Skipped(SkipReason.STEP);
  }

  private boolean creationFailed() {
    return event.getTransition().isEmpty()
        && event.getTransitionStep().isEmpty()
        && CREATION_FAILED.stream().anyMatch(event.getMessage()::contains);
  }

  private MappingResult created() {
    if (state != State.STANDBY) {
      return new Skipped(SkipReason.OTHER_STATE);
    }
    List<MappingResult.Warning> warnings = new ArrayList<>();
    CreationVariables variables = new CreationVariables(event.getVarsMap(), warnings);
    EnvironmentEvent created =
        build(EventType.CREATED, State.STANDBY)
            .detectors(variables.detectors())
            .runType(variables.runType())
            .kafkaEnabled(variables.kafkaEnabled())
            .enteredAt(variables.enteredAt())
            .build();
    return new MappingResult.Event(created, warnings);
  }

  /** An event about a transition as a whole, or about none. */
  private MappingResult whole() {
    if (state == null) {
      return new Skipped(SkipReason.OTHER_STATE);
    }
    if (event.getTransition().isEmpty()) {
      return event(build(EventType.OBSERVED, state));
    }
    if (state == State.DONE) {
      EventType end = transition == Transition.EXIT ? EventType.ENTERED : EventType.OBSERVED;
      return isOver() ? event(build(end, state)) : new Skipped(SkipReason.STEP);
    }
    if (event.getTransition().equals(GO_ERROR) && isFailed() && !event.getError().isEmpty()) {
      return event(build(EventType.OBSERVED, State.ERROR)); // forced, and no other event follows
    }
    return switch (status) {
      case STARTED, DONE_OK -> event(build(EventType.OBSERVED, state));
      case DONE_ERROR, DONE_TIMEOUT -> event(build(EventType.FAILED, state));
      default -> new Skipped(SkipReason.STEP);
    };
  }

  private MappingResult leaving(String name) {
    if (!isOngoing() || event.getMessage().equals(FINISHED)) {
      return new Skipped(SkipReason.STEP);
    }
    if (transition == null) {
      return new Skipped(SkipReason.OTHER_TRANSITION);
    }
    State left = State.named(name).filter(State::isLive).orElse(null);
    return left == null
        ? new Skipped(SkipReason.OTHER_STATE)
        : event(build(EventType.LEAVING, left));
  }

  private MappingResult entered(String name) {
    if (!isOngoing() || event.getMessage().equals(FINISHED)) {
      return new Skipped(SkipReason.STEP);
    }
    State next = State.named(name).filter(s -> s != State.UNKNOWN).orElse(null);
    return next == null
        ? new Skipped(SkipReason.OTHER_STATE)
        : event(build(EventType.ENTERED, next));
  }

  private MappingResult beforeStart() {
    if (state != State.CONFIGURED) {
      return new Skipped(SkipReason.OTHER_STATE);
    }
    return event.getRunNumber() == 0
        ? new Skipped(SkipReason.NO_RUN_NUMBER)
        : event(build(EventType.BEFORE, State.CONFIGURED));
  }

  private boolean isOngoing() {
    return status == OpStatus.ONGOING;
  }

  private boolean isOver() {
    return status == OpStatus.DONE_OK || isFailed();
  }

  private boolean isFailed() {
    return status == OpStatus.DONE_ERROR || status == OpStatus.DONE_TIMEOUT;
  }

  /** The name of the workflow, or where it has none the last part of its path without revision. */
  private @Nullable String workflow() {
    String name = event.getWorkflowTemplateInfo().getName();
    if (name.isEmpty()) {
      String path = event.getWorkflowTemplateInfo().getPath();
      int revision = path.indexOf('@', path.lastIndexOf('/') + 1);
      name = path.substring(path.lastIndexOf('/') + 1, revision < 0 ? path.length() : revision);
    }
    return name.isEmpty() || name.length() > EnvironmentEvent.MAX_WORKFLOW ? null : name;
  }

  private EnvironmentEvent.Builder build(EventType type, @Nullable State reported) {
    String id = event.getEnvironmentId();
    String eventId =
        origin.eventId(
            id,
            event.getTransition(),
            event.getTransitionStep(),
            status.name(),
            kind(),
            event.getState());
    String workflow = workflow();
    return origin
        .event(id, type, eventId)
        .workflow(workflow)
        .workflowMeant(workflow == null ? null : workflows.mean(workflow))
        .transition(transition)
        .state(reported)
        .runNumber(Origin.runNumber(event.getRunNumber()));
  }

  /** Which of the two events of a step it is. */
  private String kind() {
    return switch (event.getMessage()) {
      case STARTING -> "starting";
      case FINISHED -> "finished";
      default -> "";
    };
  }

  private static MappingResult event(EnvironmentEvent.Builder built) {
    return new MappingResult.Event(built.build(), List.of());
  }
}
