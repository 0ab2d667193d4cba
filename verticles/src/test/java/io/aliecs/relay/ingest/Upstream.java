package io.aliecs.relay.ingest;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.proto.events.Ev_CoreStartEvent;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Ev_RunEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes events as AliECS does, each a millisecond after the one before. */
public final class Upstream {
  static final long START = 1_700_000_000_000L;
  static final String STARTING = "transition step starting";
  static final String FINISHED = "transition step finished";

  private final String environmentId;
  private long now;

  public Upstream(String environmentId) {
    this(environmentId, START);
  }

  public Upstream(String environmentId, long start) {
    this.environmentId = environmentId;
    this.now = start;
  }

  public long now() {
    return now;
  }

  /** Lets that much time pass. */
  void pass(long millis) {
    now += millis;
  }

  /** The first message of a core. */
  public Event coreStart() {
    now++;
    return Event.newBuilder()
        .setTimestamp(now)
        .setTimestampNano(now * 1_000_000)
        .setCoreStartEvent(Ev_CoreStartEvent.getDefaultInstance())
        .build();
  }

  public Event created(Map<String, String> variables) {
    return event(
        Ev_EnvironmentEvent.newBuilder()
            .setState("STANDBY")
            .setTransition("CREATE")
            .setTransitionStep("after_CREATE")
            .setTransitionStatus(OpStatus.DONE_OK)
            .setMessage("workflow loaded")
            .putAllVars(variables));
  }

  public Event created(String detectors, String runType) {
    return created(
        Map.of(
            "environment_id",
            environmentId,
            "detectors",
            detectors,
            "run_type",
            runType,
            "kafka_enabled",
            "true"));
  }

  /** The twelve events of a transition that goes well; number n is at index n - 1. */
  public List<Event> transition(Transition transition, State from, long run) {
    String t = transition.name();
    String src = from.name();
    String dst = transition.destination().name();
    boolean start = transition == Transition.START_ACTIVITY;
    boolean ends = transition == Transition.STOP_ACTIVITY || transition == Transition.GO_ERROR;
    long early = start ? 0 : run;
    List<Event> events = new ArrayList<>();
    events.add(step(t, "", OpStatus.STARTED, "transition starting", src, early));
    events.add(step(t, "before_" + t, OpStatus.ONGOING, STARTING, src, early));
    events.add(step(t, "before_" + t, OpStatus.ONGOING, FINISHED, src, run));
    events.add(step(t, "leave_" + src, OpStatus.ONGOING, STARTING, src, run));
    events.add(step(t, "leave_" + src, OpStatus.DONE_ERROR, FINISHED, src, run));
    events.add(step(t, "tasks_" + t, OpStatus.ONGOING, STARTING, src, run));
    events.add(step(t, "tasks_" + t, OpStatus.ONGOING, FINISHED, dst, run));
    events.add(step(t, "enter_" + dst, OpStatus.ONGOING, STARTING, dst, run));
    events.add(step(t, "enter_" + dst, OpStatus.ONGOING, FINISHED, dst, run));
    events.add(step(t, "after_" + t, OpStatus.ONGOING, STARTING, dst, run));
    events.add(step(t, "after_" + t, OpStatus.ONGOING, FINISHED, dst, run));
    events.add(step(t, "", OpStatus.DONE_OK, "transition completed", dst, ends ? 0 : run));
    return events;
  }

  /** From SRC as in {@link #transition}, for a life: deployed, configured, running run 1. */
  public List<Event> untilRunning(long run) {
    List<Event> events = new ArrayList<>();
    events.add(created("[\"ITS\",\"TPC\"]", "PHYSICS"));
    events.addAll(transition(Transition.DEPLOY, State.STANDBY, 0));
    events.addAll(transition(Transition.CONFIGURE, State.DEPLOYED, 0));
    events.addAll(transition(Transition.START_ACTIVITY, State.CONFIGURED, run));
    return events;
  }

  public Event step(
      String transition, String step, OpStatus status, String message, String state, long run) {
    return event(
        Ev_EnvironmentEvent.newBuilder()
            .setState(state)
            .setTransition(transition)
            .setTransitionStep(step)
            .setTransitionStatus(status)
            .setMessage(message)
            .setRunNumber((int) run));
  }

  public Event run(Transition transition, OpStatus status, String state, long run) {
    return run(transition.name(), status, state, run);
  }

  public Event run(String transition, OpStatus status, String state, long run) {
    now++;
    return Event.newBuilder()
        .setTimestamp(now)
        .setTimestampNano(now * 1_000_000)
        .setRunEvent(
            Ev_RunEvent.newBuilder()
                .setEnvironmentId(environmentId)
                .setTransition(transition)
                .setTransitionStatus(status)
                .setState(state)
                .setRunNumber((int) run))
        .build();
  }

  private Event event(Ev_EnvironmentEvent.Builder payload) {
    now++;
    return Event.newBuilder()
        .setTimestamp(now)
        .setTimestampNano(now * 1_000_000 + 7)
        .setEnvironmentEvent(payload.setEnvironmentId(environmentId))
        .build();
  }
}
