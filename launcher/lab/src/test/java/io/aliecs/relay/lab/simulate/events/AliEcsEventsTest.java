package io.aliecs.relay.lab.simulate.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.proto.events.Ev_EnvironmentEvent;
import io.aliecs.relay.proto.events.OpStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AliEcsEventsTest {
  private static final String STARTING = "'transition step starting'";
  private static final String FINISHED = "'transition step finished'";

  private final AtomicLong millis = new AtomicLong(1_700_000_000_000L);

  @ParameterizedTest
  @CsvSource({
    "DEPLOY, STANDBY, DEPLOYED",
    "CONFIGURE, DEPLOYED, CONFIGURED",
    "RESET, CONFIGURED, DEPLOYED",
    "RECOVER, ERROR, DEPLOYED",
    "EXIT, STANDBY, DONE",
    "EXIT, DEPLOYED, DONE",
    "EXIT, CONFIGURED, DONE",
    "GO_ERROR, STANDBY, ERROR",
    "GO_ERROR, DEPLOYED, ERROR",
    "GO_ERROR, CONFIGURED, ERROR",
  })
  void writesTwelveEventsForATransitionWithoutRun(
      AliEcsTransition transition, String source, String destination) {
    AliEcsEvents events = in(source, 0);
    assertThat(EventText.lines(events.transition(transition, FailurePoint.NONE)))
        .containsExactlyElementsOf(
            twelve(transition.name(), source, destination, new int[12], Map.of()));
    assertThat(events.state()).isEqualTo(destination);
  }

  @Test
  void hasTheRunNumberInStartActivityFromTheThirdEventOn() {
    AliEcsEvents events = in("CONFIGURED", 0);
    assertThat(EventText.lines(events.startActivity(7, FailurePoint.NONE)))
        .containsExactlyElementsOf(
            twelve(
                "START_ACTIVITY",
                "CONFIGURED",
                "RUNNING",
                new int[] {0, 0, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7},
                Map.of(
                    3, "RUN CONFIGURED 7 START_ACTIVITY STARTED",
                    11, "RUN RUNNING 7 START_ACTIVITY DONE_OK")));
    assertThat(events.runNumber()).isEqualTo(7);
  }

  @Test
  void losesTheRunNumberInTheLastEventOfStopActivity() {
    AliEcsEvents events = in("RUNNING", 7);
    assertThat(
            EventText.lines(events.transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.NONE)))
        .containsExactlyElementsOf(
            twelve(
                "STOP_ACTIVITY",
                "RUNNING",
                "CONFIGURED",
                new int[] {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0},
                Map.of(
                    3, "RUN RUNNING 7 STOP_ACTIVITY STARTED",
                    11, "RUN CONFIGURED 7 STOP_ACTIVITY DONE_OK")));
    assertThat(events.runNumber()).isZero();
  }

  @Test
  void losesTheRunNumberInTheLastEventOfGoError() {
    AliEcsEvents events = in("RUNNING", 7);
    assertThat(EventText.lines(events.goErrorImminent("why")))
        .containsExactly("RUNNING 7 - 'a critical error occurred, GO_ERROR transition imminent' !");
    assertThat(EventText.lines(events.transition(AliEcsTransition.GO_ERROR, FailurePoint.NONE)))
        .containsExactlyElementsOf(
            twelve(
                "GO_ERROR",
                "RUNNING",
                "ERROR",
                new int[] {7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 0},
                Map.of(
                    3, "RUN RUNNING 7 GO_ERROR STARTED",
                    11, "RUN ERROR 7 GO_ERROR DONE_OK")));
  }

  @Test
  void tellsTheEndOfARunOnce() {
    AliEcsEvents events = in("RUNNING", 7);
    events.transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.TASKS);
    assertThat(runLines(events.transition(AliEcsTransition.GO_ERROR, FailurePoint.NONE)))
        .containsExactly("RUN ERROR 7 GO_ERROR DONE_OK");

    AliEcsEvents stopped = in("RUNNING", 8);
    stopped.transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.NONE);
    assertThat(runLines(stopped.transition(AliEcsTransition.GO_ERROR, FailurePoint.NONE)))
        .isEmpty();
  }

  @Test
  void hasVariablesOnlyInTheEventOfTheLoadedWorkflow() {
    AliEcsEvents events = AliEcsEvents.of("2oDvieFrVTi", this::tick);
    List<SimulatedEvent> created =
        events.created(
            new EnvironmentSetup("2oDvieFrVTi", List.of("TPC", "ITS"), "PHYSICS", false));
    assertThat(EventText.lines(created))
        .containsExactly(
            "PENDING 0 CREATE STARTED 'transition starting'",
            "PENDING 0 CREATE/before_CREATE STARTED 'instantiating'",
            "PENDING 0 CREATE/before_CREATE ONGOING 'running hooks'",
            "PENDING 0 CREATE/CREATE ONGOING 'loading workflow'",
            "STANDBY 0 CREATE/after_CREATE DONE_OK 'workflow loaded'",
            "STANDBY 0 CREATE DONE_OK 'transition completed successfully'");
    assertThat(created)
        .extracting(event -> event.event().getEnvironmentEvent().getVarsCount())
        .containsExactly(0, 0, 0, 0, 5, 0);
    assertThat(created.get(4).event().getEnvironmentEvent().getVarsMap())
        .containsEntry("environment_id", "2oDvieFrVTi")
        .containsEntry("detectors", "[\"TPC\",\"ITS\"]")
        .containsEntry("run_type", "PHYSICS")
        .containsEntry("kafka_enabled", "false")
        .containsKey("enter_state_time_ms")
        .doesNotContainKey("run_number");
  }

  @Test
  void writesEventsAfterDoneWhenACreationFails() {
    AliEcsEvents events = in("ERROR", 0);
    List<SimulatedEvent> all = new ArrayList<>(events.destroyed());
    all.addAll(events.creationFailed("cannot create new environment", "why"));
    assertThat(EventText.lines(all))
        .containsExactly(
            "ERROR 0 DESTROY/before_DESTROY STARTED 'workflow teardown started'",
            "ERROR 0 DESTROY/leave_ERROR ONGOING 'workflow teardown ongoing'",
            "ERROR 0 DESTROY/DESTROY ONGOING 'releasing tasks'",
            "DONE 0 DESTROY/after_DESTROY ONGOING 'running DESTROY hooks'",
            "DONE 0 DESTROY/after_DESTROY DONE_OK 'environment teardown complete'",
            "PENDING 0 CREATE DONE_ERROR 'transition error' !",
            "ERROR 0 - 'cannot create new environment' !");
  }

  @Test
  void hasNoRunNumberInTheEventsOfADestructionWhileRunning() {
    assertThat(EventText.lines(in("RUNNING", 7).destroyed()))
        .containsExactly(
            "RUNNING 0 DESTROY/before_DESTROY STARTED 'workflow teardown started'",
            "RUNNING 0 DESTROY/leave_RUNNING ONGOING 'workflow teardown ongoing'",
            "RUN RUNNING 7 TEARDOWN STARTED",
            "RUN RUNNING 7 TEARDOWN STARTED",
            "RUNNING 0 DESTROY/DESTROY ONGOING 'releasing tasks'",
            "DONE 0 DESTROY/after_DESTROY ONGOING 'running DESTROY hooks'",
            "DONE 0 DESTROY/after_DESTROY DONE_OK 'environment teardown complete'");
  }

  @ParameterizedTest
  @CsvSource({
    "BEFORE, 4, CONFIGURED, 0",
    "BEFORE_LATE, 4, CONFIGURED, 7",
    "LEAVE, 6, CONFIGURED, 7",
    "TASKS, 8, CONFIGURED, 7",
    "ENTER, 12, RUNNING, 7",
    "AFTER, 12, RUNNING, 7",
  })
  void endsAFailedStartWithAnError(FailurePoint failure, int count, String state, int run) {
    AliEcsEvents events = in("CONFIGURED", 0);
    List<Ev_EnvironmentEvent> written =
        events.startActivity(7, failure).stream()
            .filter(event -> event.topic().equals(SimulatedEvent.ENVIRONMENT_TOPIC))
            .map(event -> event.event().getEnvironmentEvent())
            .toList();
    assertThat(written).hasSize(count);
    Ev_EnvironmentEvent last = written.get(count - 1);
    assertThat(last.getTransitionStatus()).isEqualTo(OpStatus.DONE_ERROR);
    assertThat(last.getMessage()).isEqualTo("transition error");
    assertThat(last.getError()).isNotEmpty();
    assertThat(last.getState()).isEqualTo(state);
    assertThat(last.getRunNumber()).isEqualTo(run);
    assertThat(events.state()).isEqualTo(state);
    assertThat(written.get(count - 2).getError()).isNotEmpty();
  }

  @Test
  void stampsEachEventAndKeysItByEnvironment() {
    List<SimulatedEvent> events =
        in("STANDBY", 0).transition(AliEcsTransition.DEPLOY, FailurePoint.NONE);
    assertThat(events).extracting(SimulatedEvent::key).containsOnly("env");
    assertThat(events)
        .extracting(event -> event.event().getTimestamp())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(events)
        .allSatisfy(
            event ->
                assertThat(event.event().getTimestampNano())
                    .isEqualTo(event.event().getTimestamp() * 1_000_000));
  }

  @Test
  void refusesATransitionThatTheStateDoesNotAllow() {
    assertThatThrownBy(() -> in("STANDBY", 0).transition(AliEcsTransition.RESET, FailurePoint.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("transition: RESET from STANDBY (expected: a state it leaves)");
    assertThatThrownBy(() -> in("CONFIGURED", 0).startActivity(1L << 32, FailurePoint.NONE))
        .hasMessage("runNumber: 4294967296 (expected: 1 to 4294967295)");
  }

  private AliEcsEvents in(String state, long runNumber) {
    return AliEcsEvents.in("env", this::tick, state, runNumber);
  }

  private Instant tick() {
    return Instant.ofEpochMilli(millis.incrementAndGet());
  }

  private static List<String> runLines(List<SimulatedEvent> events) {
    return EventText.lines(events).stream().filter(line -> line.startsWith("RUN ")).toList();
  }

  /** The sequence of the contract, with what comes before its n-th event, counted from 1. */
  private static List<String> twelve(
      String transition, String source, String destination, int[] runs, Map<Integer, String> more) {
    String[] states = {
      source,
      source,
      source,
      source,
      source,
      source,
      destination,
      destination,
      destination,
      destination,
      destination,
      destination
    };
    String[] steps = {
      " STARTED 'transition starting'",
      "/before_" + transition + " ONGOING " + STARTING,
      "/before_" + transition + " ONGOING " + FINISHED,
      "/leave_" + source + " ONGOING " + STARTING,
      "/leave_" + source + " DONE_ERROR " + FINISHED,
      "/tasks_" + transition + " ONGOING " + STARTING,
      "/tasks_" + transition + " ONGOING " + FINISHED,
      "/enter_" + destination + " ONGOING " + STARTING,
      "/enter_" + destination + " ONGOING " + FINISHED,
      "/after_" + transition + " ONGOING " + STARTING,
      "/after_" + transition + " ONGOING " + FINISHED,
      " DONE_OK 'transition completed successfully'"
    };
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      if (more.containsKey(i + 1)) {
        lines.add(more.get(i + 1));
      }
      lines.add(states[i] + " " + runs[i] + " " + transition + steps[i]);
    }
    return lines;
  }
}
