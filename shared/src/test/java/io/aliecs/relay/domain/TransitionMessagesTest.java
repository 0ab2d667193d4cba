package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Message.list;
import static io.aliecs.relay.domain.Message.message;
import static io.aliecs.relay.domain.Relay.before;
import static io.aliecs.relay.domain.Relay.created;
import static io.aliecs.relay.domain.Relay.destroyed;
import static io.aliecs.relay.domain.Relay.entered;
import static io.aliecs.relay.domain.Relay.failed;
import static io.aliecs.relay.domain.Relay.idle;
import static io.aliecs.relay.domain.Relay.leaving;
import static io.aliecs.relay.domain.Relay.listed;
import static io.aliecs.relay.domain.Relay.withRun;
import static io.aliecs.relay.domain.aliecs.State.CONFIGURED;
import static io.aliecs.relay.domain.aliecs.State.DEPLOYED;
import static io.aliecs.relay.domain.aliecs.State.ERROR;
import static io.aliecs.relay.domain.aliecs.State.RUNNING;
import static io.aliecs.relay.domain.aliecs.State.STANDBY;
import static io.aliecs.relay.domain.aliecs.State.UNKNOWN;
import static io.aliecs.relay.domain.aliecs.Transition.CONFIGURE;
import static io.aliecs.relay.domain.aliecs.Transition.DEPLOY;
import static io.aliecs.relay.domain.aliecs.Transition.DESTROY;
import static io.aliecs.relay.domain.aliecs.Transition.EXIT;
import static io.aliecs.relay.domain.aliecs.Transition.GO_ERROR;
import static io.aliecs.relay.domain.aliecs.Transition.RECOVER;
import static io.aliecs.relay.domain.aliecs.Transition.RESET;
import static io.aliecs.relay.domain.aliecs.Transition.START_ACTIVITY;
import static io.aliecs.relay.domain.aliecs.Transition.STOP_ACTIVITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Section 2 of the contract, row by row: each message with each of its fields, in order. */
class TransitionMessagesTest {
  private static final long RUN = 500_000;

  private final Relay relay = Relay.publishing();

  @Test
  void creationAnnouncesStandbyOnce() {
    assertThat(relay.told(created(100)))
        .containsExactly(message("aliecs.env_state.STANDBY", 100, idle(STANDBY, 100)), list(100));
    assertThat(relay.told(created(101).observed(true))).isEmpty();
  }

  @Test
  void deployLeavesStandbyAndEntersDeployed() {
    relay.bring(STANDBY, 104);
    assertThat(relay.told(leaving(DEPLOY, 200)))
        .containsExactly(message("aliecs.env_leave_state.STANDBY", 200, idle(STANDBY, 100)));
    assertThat(relay.told(entered(DEPLOY, 201)))
        .containsExactly(message("aliecs.env_state.DEPLOYED", 201, idle(DEPLOYED, 201)), list(201));
  }

  @Test
  void configureLeavesDeployedAndEntersConfigured() {
    relay.bring(DEPLOYED, 104);
    assertThat(relay.told(leaving(CONFIGURE, 200)))
        .containsExactly(message("aliecs.env_leave_state.DEPLOYED", 200, idle(DEPLOYED, 104)));
    assertThat(relay.told(entered(CONFIGURE, 201)))
        .containsExactly(
            message("aliecs.env_state.CONFIGURED", 201, idle(CONFIGURED, 201)), list(201));
  }

  @Test
  void startActivityAnnouncesTheRunThenLeavesConfiguredThenStartsTheRun() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.told(before(START_ACTIVITY, 200).runNumber(RUN)))
        .containsExactly(
            message("aliecs.before_start_activity", 200, withRun(CONFIGURED, RUN, 104)));
    assertThat(relay.told(leaving(START_ACTIVITY, 201).runNumber(RUN)))
        .containsExactly(message("aliecs.env_leave_state.CONFIGURED", 201, idle(CONFIGURED, 104)));
    assertThat(relay.told(entered(START_ACTIVITY, 202).runNumber(RUN)))
        .containsExactly(
            message("aliecs.env_state.RUNNING", 202, withRun(RUNNING, RUN, 202)),
            list(202, listed(RUN, 202)));
  }

  @Test
  void stopActivityTellsTheEndBeforeTheListLosesTheRun() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(leaving(STOP_ACTIVITY, 200).runNumber(RUN)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)));
    assertThat(relay.state.activeRuns()).containsValue(listed(RUN, 104));
    assertThat(relay.told(entered(STOP_ACTIVITY, 201)))
        .containsExactly(
            message("aliecs.env_state.CONFIGURED", 201, idle(CONFIGURED, 201)), list(201));
  }

  @Test
  void resetLeavesConfiguredAndEntersDeployed() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.told(leaving(RESET, 200)))
        .containsExactly(message("aliecs.env_leave_state.CONFIGURED", 200, idle(CONFIGURED, 104)));
    assertThat(relay.told(entered(RESET, 201)))
        .containsExactly(message("aliecs.env_state.DEPLOYED", 201, idle(DEPLOYED, 201)), list(201));
  }

  @Test
  void recoverLeavesErrorAndEntersDeployed() {
    relay.bring(ERROR, 104);
    assertThat(relay.told(leaving(RECOVER, 200)))
        .containsExactly(message("aliecs.env_leave_state.ERROR", 200, idle(ERROR, 104)));
    assertThat(relay.told(entered(RECOVER, 201)))
        .containsExactly(message("aliecs.env_state.DEPLOYED", 201, idle(DEPLOYED, 201)), list(201));
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDBY", "DEPLOYED", "CONFIGURED"})
  void goErrorLeavesAStateWithoutARun(State from) {
    relay.bring(from, 104);
    long enteredAt = relay.environment().enteredAt();
    assertThat(relay.told(leaving(GO_ERROR, 200)))
        .containsExactly(message("aliecs.env_leave_state." + from, 200, idle(from, enteredAt)));
    assertThat(relay.told(entered(GO_ERROR, 201)))
        .containsExactly(message("aliecs.env_state.ERROR", 201, idle(ERROR, 201)), list(201));
  }

  @Test
  void goErrorFromRunningEndsTheRunAndRecoverLeadsToDeployed() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(leaving(GO_ERROR, 200)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)));
    assertThat(relay.told(entered(GO_ERROR, 201)))
        .containsExactly(message("aliecs.env_state.ERROR", 201, idle(ERROR, 201)), list(201));
    assertThat(relay.told(leaving(RECOVER, 202)))
        .containsExactly(message("aliecs.env_leave_state.ERROR", 202, idle(ERROR, 201)));
    assertThat(relay.told(entered(RECOVER, 203)))
        .containsExactly(message("aliecs.env_state.DEPLOYED", 203, idle(DEPLOYED, 203)), list(203));
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDBY", "DEPLOYED", "CONFIGURED"})
  void exitLeavesTheStateAndTellsTheListAlone(State from) {
    relay.bring(from, 104);
    long enteredAt = relay.environment().enteredAt();
    assertThat(relay.told(leaving(EXIT, 200)))
        .containsExactly(message("aliecs.env_leave_state." + from, 200, idle(from, enteredAt)));
    assertThat(relay.told(entered(EXIT, 201))).containsExactly(list(201));
    assertThat(relay.state.environments()).isEmpty();
    assertThat(relay.environment().state()).isEqualTo(State.DONE);
  }

  @ParameterizedTest
  @EnumSource(names = {"STANDBY", "DEPLOYED", "CONFIGURED", "ERROR"})
  void destroyLeavesTheStateAndTellsUnknownWithTheTimeOfTheStateLeft(State from) {
    relay.bring(from, 104);
    long enteredAt = relay.environment().enteredAt();
    assertThat(relay.told(leaving(DESTROY, 200)))
        .containsExactly(message("aliecs.env_leave_state." + from, 200, idle(from, enteredAt)));
    assertThat(relay.told(destroyed(201)))
        .containsExactly(
            message("aliecs.env_state.UNKNOWN", 201, idle(UNKNOWN, enteredAt)), list(201));
    assertThat(relay.state.environments()).isEmpty();
  }

  @Test
  void forcedDestroyEndsTheRunWithItsNumberAndType() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(leaving(DESTROY, 200)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)));
    assertThat(relay.told(destroyed(201)))
        .containsExactly(message("aliecs.env_state.UNKNOWN", 201, idle(UNKNOWN, 104)), list(201));
    assertThat(relay.state.activeRuns()).isEmpty();
  }

  @Test
  void destroyThatWasNotAnnouncedStillEndsTheRunFirst() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(destroyed(200)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)),
            message("aliecs.env_state.UNKNOWN", 200, idle(UNKNOWN, 104)),
            list(200));
  }

  @Test
  void enteringWithoutLeavingTellsTheLeaveFirst() {
    relay.bring(STANDBY, 104);
    assertThat(relay.told(entered(DEPLOY, 200)))
        .containsExactly(
            message("aliecs.env_leave_state.STANDBY", 200, idle(STANDBY, 100)),
            message("aliecs.env_state.DEPLOYED", 200, idle(DEPLOYED, 200)),
            list(200));
  }

  @Test
  void leavingConfiguredForARunThatWasNotAnnouncedAnnouncesItFirst() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.told(leaving(START_ACTIVITY, 200).runNumber(RUN)))
        .containsExactly(
            message("aliecs.before_start_activity", 200, withRun(CONFIGURED, RUN, 104)),
            message("aliecs.env_leave_state.CONFIGURED", 200, idle(CONFIGURED, 104)));
    assertThat(relay.told(before(START_ACTIVITY, 201).runNumber(RUN))).isEmpty();
  }

  @Test
  void aRunStartedByItsEntryAloneIsAnnouncedAndConfiguredIsLeft() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.told(entered(START_ACTIVITY, 200).runNumber(RUN)))
        .containsExactly(
            message("aliecs.before_start_activity", 200, withRun(CONFIGURED, RUN, 104)),
            message("aliecs.env_leave_state.CONFIGURED", 200, idle(CONFIGURED, 104)),
            message("aliecs.env_state.RUNNING", 200, withRun(RUNNING, RUN, 200)),
            list(200, listed(RUN, 200)));
  }

  @Test
  void startThatFailsBeforeLeavingTellsNothingMore() {
    relay.bring(CONFIGURED, 104);
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    assertThat(relay.told(failed(START_ACTIVITY, 201))).isEmpty();
    assertThat(relay.environment())
        .returns(CONFIGURED, Environment::state)
        .returns(0L, Environment::announcedRun)
        .returns(104L, Environment::enteredAt);
  }

  @Test
  void startThatFailsAfterLeavingTellsNothingMoreAndTheNextRunIsToldInFull() {
    relay.bring(CONFIGURED, 104);
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(leaving(START_ACTIVITY, 201));
    assertThat(relay.told(failed(START_ACTIVITY, 202))).isEmpty();
    assertThat(relay.told(before(START_ACTIVITY, 300).runNumber(RUN + 1)))
        .containsExactly(
            message("aliecs.before_start_activity", 300, withRun(CONFIGURED, RUN + 1, 104)));
    assertThat(relay.told(leaving(START_ACTIVITY, 301)))
        .containsExactly(message("aliecs.env_leave_state.CONFIGURED", 301, idle(CONFIGURED, 104)));
    assertThat(relay.told(entered(START_ACTIVITY, 302)))
        .containsExactly(
            message("aliecs.env_state.RUNNING", 302, withRun(RUNNING, RUN + 1, 302)),
            list(302, listed(RUN + 1, 302)));
  }

  @Test
  void aRunWhoseStartFailedCannotStartAnyMore() {
    relay.bring(CONFIGURED, 104);
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(failed(START_ACTIVITY, 201));
    assertThat(relay.send(entered(START_ACTIVITY, 202)).verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(relay.send(entered(START_ACTIVITY, 203).runNumber(RUN)).reason())
        .contains("runNumber: 500000", "expected: another one, that run is over");
  }

  @Test
  void theStartThatFollowsAFailedOneDoesNotAnnounceTheFailedRunAgain() {
    relay.bring(CONFIGURED, 104);
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(failed(START_ACTIVITY, 201));
    assertThat(relay.told(before(START_ACTIVITY, 300).runNumber(RUN).observed(true))).isEmpty();
    assertThat(relay.told(before(START_ACTIVITY, 301).runNumber(RUN + 1).observed(true)))
        .containsExactly(
            message("aliecs.before_start_activity", 301, withRun(CONFIGURED, RUN + 1, 104)));
  }

  @Test
  void startThatFailsAfterRunningWasEnteredLeavesTheRunActive() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(failed(START_ACTIVITY, 200).runNumber(RUN))).isEmpty();
    assertThat(relay.state.activeRuns()).containsValue(listed(RUN, 104));
    assertThat(relay.told(leaving(GO_ERROR, 201)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 201, withRun(RUNNING, RUN, 104)));
  }

  @Test
  void stopThatFailsThenGoErrorTellsOneEndOfRun() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(leaving(STOP_ACTIVITY, 200)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)));
    assertThat(relay.told(failed(STOP_ACTIVITY, 201))).isEmpty();
    assertThat(relay.state.activeRuns()).containsValue(listed(RUN, 104));
    assertThat(relay.told(leaving(GO_ERROR, 202))).isEmpty();
    assertThat(relay.told(entered(GO_ERROR, 203)))
        .containsExactly(message("aliecs.env_state.ERROR", 203, idle(ERROR, 203)), list(203));
  }

  @Test
  void theFailureOfAnotherTransitionKeepsTheAnnouncedRun() {
    relay.bring(CONFIGURED, 104);
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(failed(RESET, 201));
    assertThat(relay.environment().announcedRun()).isEqualTo(RUN);
  }

  @Test
  void nothingIsToldAfterTheEndAndTheEnvironmentDoesNotComeBack() {
    relay.bring(RUNNING, 104);
    relay.send(destroyed(200));
    for (EventType type : EventType.values()) {
      EnvironmentEvent.Builder event =
          EnvironmentEvent.builder(Relay.ENV, type, 300).state(RUNNING).runNumber(RUN + 1);
      assertThat(relay.told(event.transition(START_ACTIVITY).observed(true))).isEmpty();
      assertThat(relay.send(event).verdict()).isEqualTo(Verdict.STALE);
      assertThat(relay.send(event.observed(false)).verdict()).isEqualTo(Verdict.REFUSED);
    }
    assertThat(relay.state.environments()).isEmpty();
    assertThat(relay.state.activeRuns()).isEmpty();
  }

  @Test
  void theLargestRunNumberIsTold() {
    relay.bring(CONFIGURED, 104);
    List<Message> told = relay.told(entered(START_ACTIVITY, 200).runNumber(4_294_967_295L));
    assertThat(told).last().isEqualTo(list(200, listed(4_294_967_295L, 200)));
  }

  @Test
  void aRunWithoutATypeHasNone() {
    relay.send(EnvironmentEvent.builder(Relay.ENV, EventType.CREATED, 100));
    relay.send(entered(DEPLOY, 101));
    relay.send(entered(CONFIGURE, 102));
    EnvironmentInfo info = new EnvironmentInfo(Relay.ENV, RUN, null, RUNNING, List.of(), 103);
    assertThat(relay.told(entered(START_ACTIVITY, 103).runNumber(RUN)))
        .endsWith(message("aliecs.env_state.RUNNING", 103, info), list(103, info));
  }

  @Test
  void theTimeOfEntryIsTheOneThatIsTold() {
    relay.bring(STANDBY, 104);
    assertThat(relay.told(entered(DEPLOY, 205).enteredAt(203L)))
        .contains(message("aliecs.env_state.DEPLOYED", 205, idle(DEPLOYED, 203)));
  }

  @Test
  void detectorsAndTypeToldLaterReplaceThoseOfTheCreation() {
    relay.bring(CONFIGURED, 104);
    relay.send(
        before(START_ACTIVITY, 200)
            .runNumber(RUN)
            .runType("COSMICS")
            .detectors(List.of("TOF", "MCH", "ITS")));
    assertThat(relay.told(entered(START_ACTIVITY, 201)))
        .endsWith(
            message(
                "aliecs.env_state.RUNNING",
                201,
                new EnvironmentInfo(
                    Relay.ENV, RUN, "COSMICS", RUNNING, List.of("TOF", "MCH", "ITS"), 201)),
            list(
                201,
                new EnvironmentInfo(
                    Relay.ENV, RUN, "COSMICS", RUNNING, List.of("ITS", "MCH", "TOF"), 201)));
  }
}
