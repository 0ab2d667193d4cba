package io.aliecs.relay.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Command.EnvironmentEnded;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.proto.control.EnvironmentInfo;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the core says counts where the stream is silent, and nowhere else. */
class ReconciliationTest {
  private static final String ENV = "2oDvieFrVTi";
  private static final long EVENTS = 1_000_000;
  private static final long LOOKED = EVENTS + 60_000;

  private RelayState state = RelayState.EMPTY;

  @Test
  void anEnvironmentThatTheCoreDoesNotHaveEnds() {
    running(500_001);

    assertThat(decide())
        .containsExactly(
            new EnvironmentEnded(
                ENV,
                EndCause.UNKNOWN_TO_CORE,
                "",
                "",
                LOOKED - Reconciliation.QUIET_MS,
                LOOKED + 10));
    applyAll(decide());
    assertThat(state.environments()).isEmpty();
    assertThat(decide()).isEmpty();
  }

  @Test
  void anEnvironmentThatTheCoreKeepsForItsTasksAloneEndsLikewise() {
    running(500_001);
    EnvironmentInfo unreleased = core("DONE").putVars("run_type", "PHYSICS").build();

    applyAll(decide(unreleased));
    assertThat(state.environments()).isEmpty();
    assertThat(decide(unreleased)).isEmpty();
  }

  @Test
  void anAnswerThatIsOlderThanTheNewestEventDecidesNothing() {
    running(500_001);

    assertThat(decideAsOf(EVENTS + 100)).isEmpty();
    assertThat(decideAsOf(EVENTS - 5_000, core("CONFIGURED").build())).isEmpty();
    assertThat(decideAsOf(EVENTS + 100, core("CONFIGURED").build())).isEmpty();
    assertThat(decideAsOf(EVENTS + 100, core("DONE").build())).isEmpty();
  }

  @Test
  void anAnswerFromBeforeTheCoreStartedDecidesNothing() {
    running(500_001);
    state = state.apply(new Command.CoreStarted("start", LOOKED + 1, null)).state();

    assertThat(decide(core("RUNNING").setCurrentRunNumber(500_001).build())).isEmpty();
  }

  @Test
  void whatCoreAndRelayAgreeOnChangesNothing() {
    running(500_001);

    assertThat(decide(core("RUNNING").setCurrentRunNumber(500_001).build())).isEmpty();
  }

  @Test
  void anEnvironmentThatOnlyTheCoreHasIsAdoptedWithAllThatItSays() {
    EnvironmentInfo told =
        core("RUNNING")
            .setCurrentRunNumber(500_001)
            .setRootRole("readout-dataflow")
            .putDefaults("run_type", "COSMICS")
            .putVars("run_type", "PHYSICS")
            .putUserVars("kafka_enabled", "true")
            .putUserVars("enter_state_time_ms", String.valueOf(EVENTS))
            .addAllIncludedDetectors(List.of("TPC", "ITS"))
            .build();

    applyAll(decide(told));

    Environment adopted = state.environments().get(ENV);
    assertThat(adopted.state()).isEqualTo(State.RUNNING);
    assertThat(adopted.run().number()).isEqualTo(500_001);
    assertThat(adopted.runType()).isEqualTo("PHYSICS");
    assertThat(adopted.detectors()).containsExactly("ITS", "TPC");
    assertThat(adopted.enteredAt()).isEqualTo(EVENTS);
    assertThat(adopted.publish()).isTrue();
    assertThat(adopted.workflow()).isEqualTo("readout-dataflow");
    assertThat(adopted.workflowMeant()).isTrue();
    assertThat(decide(told)).isEmpty();
  }

  @Test
  void aStateThatWasEnteredAboutWhenTheCoreWasAskedIsLeftToTheStream() {
    for (long at : List.of(LOOKED - 999, LOOKED, LOOKED + 5)) {
      assertThat(decide(core("CONFIGURED").putUserVars("enter_state_time_ms", "" + at).build()))
          .as("entered at %d, asked at %d", at, LOOKED)
          .isEmpty();
    }
  }

  @Test
  void aWorkflowThatIsNotMeantIsAdoptedAsSuch() {
    applyAll(decide(core("CONFIGURED").setRootRole("o2-roc-config").build()));

    assertThat(state.environments().get(ENV).workflowMeant()).isFalse();
    assertThat(decide(core("CONFIGURED").setRootRole("o2-roc-config").build())).isEmpty();
  }

  @Test
  void whatIsInCreationOrLeavingOrHasNoStateOfItsOwnIsNotAdopted() {
    assertThat(decide(core("STANDBY").setCreatedWhen(LOOKED - 100).build())).isEmpty();
    assertThat(decide(core("PENDING").build())).isEmpty();
    assertThat(decide(core("DONE").build())).isEmpty();
    assertThat(decide(core("RUNNING").build())).as("without a run number").isEmpty();
    assertThat(decide(core("RUNNING").setCurrentTransition("DESTROY").build())).isEmpty();
    assertThat(decide(core("CONFIGURED").setId("").build())).isEmpty();
    assertThat(decide(core("CONFIGURED").setId("x".repeat(300)).build())).isEmpty();
  }

  @Test
  void anEnvironmentWhoseEndAliECSHasToldStaysEnded() {
    running(500_001);
    apply(event(EventType.DESTROYED, EVENTS + 10).transition(Transition.DESTROY));

    assertThat(decide(core("RUNNING").setCurrentRunNumber(500_001).build())).isEmpty();
  }

  @Test
  void anEnvironmentThatWasOnlyTakenToBeGoneComesBack() {
    running(500_001);
    state =
        state
            .apply(
                new EnvironmentEnded(
                    ENV, EndCause.FORGOTTEN, "", "anna", Long.MAX_VALUE, EVENTS + 10))
            .state();

    applyAll(decide(core("RUNNING").setCurrentRunNumber(500_001).build()));

    assertThat(state.environments()).containsKey(ENV);
  }

  @Test
  void aStateThatDiffersIsTakenOnceTheStreamIsQuietAndNoTransitionIsOn() {
    running(500_001);

    assertThat(decide(core("CONFIGURED").setCurrentTransition("RESET").build())).isEmpty();
    applyAll(decide(core("CONFIGURED").build()));

    assertThat(state.environments().get(ENV).state()).isEqualTo(State.CONFIGURED);
    applyAll(
        decideAsOf(
            LOOKED + 60_000, core("RUNNING").setCurrentRunNumber((int) 4_000_000_000L).build()));
    assertThat(state.environments().get(ENV).run().number()).isEqualTo(4_000_000_000L);
  }

  @Test
  void detailsThatWereMissedAreFilledInOnce() {
    apply(event(EventType.OBSERVED, EVENTS).state(State.CONFIGURED));
    EnvironmentInfo told =
        core("CONFIGURED")
            .setRootRole("readout-dataflow")
            .putVars("run_type", "PHYSICS")
            .putVars("kafka_enabled", "true")
            .addIncludedDetectors("ITS")
            .build();

    applyAll(decide(told));

    Environment known = state.environments().get(ENV);
    assertThat(known.detectors()).containsExactly("ITS");
    assertThat(known.runType()).isEqualTo("PHYSICS");
    assertThat(known.workflow()).isEqualTo("readout-dataflow");
    assertThat(known.publish()).isTrue();
    assertThat(known.state()).isEqualTo(State.CONFIGURED);
    assertThat(decide(told)).isEmpty();
  }

  private void running(long run) {
    apply(event(EventType.OBSERVED, EVENTS).state(State.RUNNING).runNumber(run).runType("PHYSICS"));
  }

  private static EnvironmentEvent.Builder event(EventType type, long time) {
    return EnvironmentEvent.builder(ENV, type, time).eventId("event:" + type + time).observed(true);
  }

  private void apply(EnvironmentEvent.Builder event) {
    state = state.apply(event.build()).state();
  }

  private void applyAll(List<Command> commands) {
    assertThat(commands).isNotEmpty();
    commands.forEach(command -> state = state.apply(command).state());
  }

  private static EnvironmentInfo.Builder core(String environmentState) {
    return EnvironmentInfo.newBuilder()
        .setId(ENV)
        .setCreatedWhen(EVENTS - 1)
        .setState(environmentState);
  }

  private List<Command> decide(EnvironmentInfo... told) {
    return decideAsOf(LOOKED, told);
  }

  private List<Command> decideAsOf(long asOf, EnvironmentInfo... told) {
    Map<String, EnvironmentInfo> environments =
        Stream.of(told).collect(Collectors.toMap(EnvironmentInfo::getId, info -> info));
    return Reconciliation.decide(
            state,
            new CoreAnswer(environments, asOf, asOf + 10),
            workflow -> workflow.equals("readout-dataflow"))
        .stream()
        .map(Reconciliation.Correction::command)
        .toList();
  }
}
