package io.aliecs.relay.lab.simulate.events;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.Ev_RunEvent;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.events.OpStatus;
import io.aliecs.relay.proto.events.WorkflowTemplateInfo;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Collects the events of one step of an environment's life, stamped as they are added. */
final class EventWriter {
  static final String STARTING = "transition step starting";
  static final String FINISHED = "transition step finished";

  private static final int LAST_REQUEST_USER = 10;
  private static final int RUN_LAST_REQUEST_USER = 8;

  private final String environmentId;
  private final String workflow;
  private final Supplier<Instant> clock;
  private final List<SimulatedEvent> events = new ArrayList<>();

  EventWriter(String environmentId, String workflow, Supplier<Instant> clock) {
    this.environmentId = environmentId;
    this.workflow = workflow;
    this.clock = clock;
  }

  List<SimulatedEvent> events() {
    return List.copyOf(events);
  }

  /** A new environment event with what all of them have; hand it to {@link #add}. */
  Ev_EnvironmentEvent.Builder environment(String state, long runNumber) {
    return Ev_EnvironmentEvent.newBuilder()
        .setEnvironmentId(environmentId)
        .setState(state)
        .setRunNumber((int) runNumber)
        .setWorkflowTemplateInfo(workflow())
        .setUnknownFields(user(LAST_REQUEST_USER));
  }

  void add(Ev_EnvironmentEvent.Builder event) {
    add(SimulatedEvent.ENVIRONMENT_TOPIC, stamped().setEnvironmentEvent(event));
  }

  void addRun(String state, long runNumber, String transition, OpStatus status, String error) {
    Ev_RunEvent.Builder event =
        Ev_RunEvent.newBuilder()
            .setEnvironmentId(environmentId)
            .setRunNumber((int) runNumber)
            .setState(state)
            .setTransition(transition)
            .setTransitionStatus(status)
            .setError(error)
            .setUnknownFields(user(RUN_LAST_REQUEST_USER));
    add(SimulatedEvent.RUN_TOPIC, stamped().setRunEvent(event));
  }

  private void add(String topic, Event.Builder event) {
    events.add(new SimulatedEvent(topic, environmentId, event.build()));
  }

  private Event.Builder stamped() {
    return SimulatedEvent.stamp(Event.newBuilder(), clock.get());
  }

  /** Who has asked for it, which the relay does not read. */
  private static UnknownFieldSet user(int field) {
    UnknownFieldSet user =
        UnknownFieldSet.newBuilder()
            .mergeVarintField(1, 0)
            .mergeLengthDelimitedField(3, ByteString.copyFromUtf8("simulate"))
            .build();
    return UnknownFieldSet.newBuilder()
        .mergeLengthDelimitedField(field, user.toByteString())
        .build();
  }

  private WorkflowTemplateInfo workflow() {
    return WorkflowTemplateInfo.newBuilder()
        .setName(workflow)
        .setPath("github.com/AliceO2Group/ControlWorkflows/workflows/" + workflow + "@master")
        .build();
  }
}
