package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Message.list;
import static io.aliecs.relay.domain.Message.message;
import static io.aliecs.relay.domain.Relay.ENV;
import static io.aliecs.relay.domain.Relay.before;
import static io.aliecs.relay.domain.Relay.created;
import static io.aliecs.relay.domain.Relay.destroyed;
import static io.aliecs.relay.domain.Relay.entered;
import static io.aliecs.relay.domain.Relay.failed;
import static io.aliecs.relay.domain.Relay.idle;
import static io.aliecs.relay.domain.Relay.leaving;
import static io.aliecs.relay.domain.Relay.listed;
import static io.aliecs.relay.domain.Relay.runSeen;
import static io.aliecs.relay.domain.Relay.seen;
import static io.aliecs.relay.domain.Relay.withRun;
import static io.aliecs.relay.domain.aliecs.State.CONFIGURED;
import static io.aliecs.relay.domain.aliecs.State.DEPLOYED;
import static io.aliecs.relay.domain.aliecs.State.DONE;
import static io.aliecs.relay.domain.aliecs.State.ERROR;
import static io.aliecs.relay.domain.aliecs.State.RUNNING;
import static io.aliecs.relay.domain.aliecs.State.UNKNOWN;
import static io.aliecs.relay.domain.aliecs.Transition.CONFIGURE;
import static io.aliecs.relay.domain.aliecs.Transition.DEPLOY;
import static io.aliecs.relay.domain.aliecs.Transition.DESTROY;
import static io.aliecs.relay.domain.aliecs.Transition.EXIT;
import static io.aliecs.relay.domain.aliecs.Transition.GO_ERROR;
import static io.aliecs.relay.domain.aliecs.Transition.RESET;
import static io.aliecs.relay.domain.aliecs.Transition.START_ACTIVITY;
import static io.aliecs.relay.domain.aliecs.Transition.STOP_ACTIVITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState.Applied;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Timeline;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Events for environments that are not known, that skip states, that come late or twice. */
class AdoptionTest {
  private static final long RUN = 500_000;
  private static final List<String> DETECTORS = List.of("TPC", "ITS");

  private final Relay relay = Relay.publishing();

  @ParameterizedTest
  @EnumSource(names = {"STANDBY", "DEPLOYED", "CONFIGURED", "ERROR"})
  void anUnknownEnvironmentIsAdoptedInTheStateItIsSeenIn(State state) {
    assertThat(relay.told(seen(state, 100).detectors(DETECTORS)))
        .containsExactly(message("aliecs.env_state." + state, 100, idle(state, 100)), list(100));
    assertThat(relay.environment().timeline()).last().returns(true, TimelineEntry::adopted);
  }

  @Test
  void anUnknownEnvironmentThatRunsGetsItsStartOfRun() {
    assertThat(
            relay.told(seen(RUNNING, 100).runNumber(RUN).runType("PHYSICS").detectors(DETECTORS)))
        .containsExactly(
            message("aliecs.before_start_activity", 100, withRun(CONFIGURED, RUN, 100)),
            message("aliecs.env_state.RUNNING", 100, withRun(RUNNING, RUN, 100)),
            list(100, listed(RUN, 100)));
  }

  @Test
  void anUnknownEnvironmentThatRunsWithoutANumberIsRefused() {
    Applied applied = relay.send(seen(RUNNING, 100));
    assertThat(applied.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(applied.reason()).contains("runNumber: absent", "expected: 1 to 4294967295");
    assertThat(relay.state.environments()).isEmpty();
  }

  @Test
  void anUnknownEnvironmentAboutToLeaveRunningGetsStartAndEnd() {
    EnvironmentEvent.Builder event =
        leaving(STOP_ACTIVITY, 100)
            .state(RUNNING)
            .runNumber(RUN)
            .runType("PHYSICS")
            .detectors(DETECTORS)
            .observed(true);
    assertThat(relay.told(event))
        .containsExactly(
            message("aliecs.before_start_activity", 100, withRun(CONFIGURED, RUN, 100)),
            message("aliecs.env_state.RUNNING", 100, withRun(RUNNING, RUN, 100)),
            list(100, listed(RUN, 100)),
            message("aliecs.env_leave_state.RUNNING", 100, withRun(RUNNING, RUN, 100)));
  }

  @Test
  void anUnknownEnvironmentThatAnnouncesARunIsAdoptedInConfigured() {
    EnvironmentEvent.Builder event =
        before(START_ACTIVITY, 100)
            .state(CONFIGURED)
            .runNumber(RUN)
            .runType("PHYSICS")
            .detectors(DETECTORS)
            .observed(true);
    assertThat(relay.told(event))
        .containsExactly(
            message("aliecs.env_state.CONFIGURED", 100, idle(CONFIGURED, 100)),
            list(100),
            message("aliecs.before_start_activity", 100, withRun(CONFIGURED, RUN, 100)));
  }

  @Test
  void anUnknownEnvironmentIsAdoptedWhereItsTransitionLeads() {
    relay.send(entered(CONFIGURE, 100).observed(true));
    assertThat(relay.environment().state()).isEqualTo(CONFIGURED);
  }

  @ParameterizedTest
  @EnumSource(
      value = EventType.class,
      mode = Mode.EXCLUDE,
      names = {"CREATED"})
  void aSenderIsToldThatItsEnvironmentIsNotKnown(EventType type) {
    Applied applied =
        relay.send(EnvironmentEvent.builder(ENV, type, 100).transition(DEPLOY).state(DEPLOYED));
    assertThat(applied.verdict()).isEqualTo(Verdict.UNKNOWN_ENVIRONMENT);
    assertThat(applied.verdict().isAccepted()).isFalse();
    assertThat(relay.pending()).isEmpty();
  }

  @Test
  void anUnknownEnvironmentOnItsWayOutIsNotAdopted() {
    relay.send(leaving(DESTROY, 100).state(CONFIGURED).observed(true));
    assertThat(relay.state.environments()).isEmpty();
    assertThat(relay.pending()).isEmpty();
  }

  @Test
  void anUnknownEnvironmentSeenToEndDoesNotComeBackWithALateError() {
    relay.send(destroyed(100).state(DONE).observed(true));
    Applied applied = relay.send(seen(ERROR, 101));
    assertThat(applied.verdict()).isEqualTo(Verdict.STALE);
    assertThat(relay.state.environments()).isEmpty();
    assertThat(relay.pending()).isEmpty();
  }

  @Test
  void skippedStatesAreMadeUpForWithOneLeaveAndOneEntry() {
    relay.bring(DEPLOYED, 104);
    assertThat(relay.told(seen(ERROR, 200)))
        .containsExactly(
            message("aliecs.env_leave_state.DEPLOYED", 200, idle(DEPLOYED, 104)),
            message("aliecs.env_state.ERROR", 200, idle(ERROR, 200)),
            list(200));
    assertThat(relay.environment().timeline()).last().returns(true, TimelineEntry::adopted);
  }

  @Test
  void aRunThatIsSuddenlyThereIsAStartOfRun() {
    relay.bring(DEPLOYED, 104);
    assertThat(relay.told(seen(RUNNING, 200).runNumber(RUN)))
        .containsExactly(
            message("aliecs.before_start_activity", 200, withRun(CONFIGURED, RUN, 200)),
            message("aliecs.env_leave_state.DEPLOYED", 200, idle(DEPLOYED, 104)),
            message("aliecs.env_state.RUNNING", 200, withRun(RUNNING, RUN, 200)),
            list(200, listed(RUN, 200)));
  }

  @Test
  void aRunThatIsSuddenlyGoneIsAnEndOfRun() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(seen(DEPLOYED, 200)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)),
            message("aliecs.env_state.DEPLOYED", 200, idle(DEPLOYED, 200)),
            list(200));
  }

  @Test
  void aRunThatFollowsARunEndsTheFirstBeforeItIsAnnounced() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(seen(RUNNING, 200).runNumber(RUN + 1)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)),
            message("aliecs.before_start_activity", 200, withRun(CONFIGURED, RUN + 1, 200)),
            message("aliecs.env_state.RUNNING", 200, withRun(RUNNING, RUN + 1, 200)),
            list(200, listed(RUN + 1, 200)));
  }

  @Test
  void theAnnouncementOfTheNextRunEndsTheOneWhoseEndWasMissed() {
    relay.bring(RUNNING, 104);
    EnvironmentEvent.Builder event =
        before(START_ACTIVITY, 200).state(CONFIGURED).runNumber(RUN + 1).observed(true);
    assertThat(relay.told(event))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)),
            message("aliecs.env_state.CONFIGURED", 200, idle(CONFIGURED, 200)),
            list(200),
            message("aliecs.before_start_activity", 200, withRun(CONFIGURED, RUN + 1, 200)));
  }

  @Test
  void aLeaveOfAStateWhoseEntryWasMissedMakesUpForTheEntry() {
    relay.bring(DEPLOYED, 104);
    assertThat(relay.told(leaving(RESET, 200).state(CONFIGURED).observed(true)))
        .containsExactly(
            message("aliecs.env_leave_state.DEPLOYED", 200, idle(DEPLOYED, 104)),
            message("aliecs.env_state.CONFIGURED", 200, idle(CONFIGURED, 200)),
            list(200),
            message("aliecs.env_leave_state.CONFIGURED", 200, idle(CONFIGURED, 200)));
  }

  @Test
  void aSenderIsRefusedAStepThatIsNotLegalAndToldWhy() {
    relay.bring(DEPLOYED, 104);
    Applied applied = relay.send(entered(START_ACTIVITY, 200).runNumber(RUN));
    assertThat(applied.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(applied.reason())
        .isEqualTo(
            "ENTERED while in DEPLOYED (expected: START_ACTIVITY from [CONFIGURED] to RUNNING)");
    assertThat(relay.send(leaving(RESET, 201)).verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(relay.send(entered(DEPLOY, 202)).verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(relay.send(seen(ERROR, 203).observed(false)).verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(relay.send(runSeen(RUNNING, RUN, 204).observed(false)).verdict())
        .isEqualTo(Verdict.REFUSED);
    assertThat(relay.send(entered(CONFIGURE, 205).state(UNKNOWN)).verdict())
        .isEqualTo(Verdict.REFUSED);
    assertThat(relay.environment().state()).isEqualTo(DEPLOYED);
  }

  @Test
  void aSenderIsRefusedToStartARunWithoutANumber() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.send(before(START_ACTIVITY, 200)).reason()).contains("runNumber: absent");
    assertThat(relay.send(entered(START_ACTIVITY, 201)).reason()).contains("runNumber: absent");
  }

  @Test
  void aSenderIsRefusedToEndAnotherRunThanTheActiveOne() {
    relay.bring(RUNNING, 104);
    assertThat(relay.send(leaving(STOP_ACTIVITY, 200).runNumber(RUN - 1)).reason())
        .isEqualTo("runNumber: 499999 (expected: 500000, the active run)");
  }

  @Test
  void anObservedRunWithoutANumberIsRefused() {
    relay.bring(CONFIGURED, 104);
    Applied applied = relay.send(entered(START_ACTIVITY, 200).state(RUNNING).observed(true));
    assertThat(applied.verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(applied.reason()).contains("runNumber: absent");
    assertThat(relay.environment().state()).isEqualTo(CONFIGURED);
  }

  @Test
  void anObservedRunWithoutANumberIsTheOneThatWasAnnounced() {
    relay.bring(CONFIGURED, 104);
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(seen(RUNNING, 201));
    assertThat(relay.state.activeRuns()).containsValue(listed(RUN, 201));
  }

  @Test
  void lateEventsOfARunThatIsOverAreStale() {
    relay.bring(RUNNING, 104);
    relay.send(entered(STOP_ACTIVITY, 200));
    relay.deliverAll();
    for (EnvironmentEvent.Builder late :
        List.of(
            before(START_ACTIVITY, 101).state(CONFIGURED).runNumber(RUN),
            leaving(START_ACTIVITY, 102).state(CONFIGURED).runNumber(RUN),
            entered(START_ACTIVITY, 103).state(RUNNING).runNumber(RUN),
            failed(START_ACTIVITY, 103).state(CONFIGURED).runNumber(RUN),
            leaving(STOP_ACTIVITY, 150).state(RUNNING).runNumber(RUN),
            runSeen(RUNNING, RUN, 150))) {
      assertThat(relay.send(late.observed(true)).verdict()).isEqualTo(Verdict.STALE);
    }
    assertThat(relay.pending()).isEmpty();
  }

  @Test
  void lateEventsOfARunThatIsOverAreStaleWhateverTheClockSays() {
    relay.bring(RUNNING, 104);
    relay.send(entered(STOP_ACTIVITY, 200));
    relay.send(entered(START_ACTIVITY, 300).runNumber(RUN + 1));
    for (EnvironmentEvent.Builder late :
        List.of(
            seen(RUNNING, 900).runNumber(RUN),
            leaving(STOP_ACTIVITY, 900).state(RUNNING).runNumber(RUN),
            entered(STOP_ACTIVITY, 900).state(CONFIGURED).runNumber(RUN),
            failed(START_ACTIVITY, 900).state(CONFIGURED).runNumber(RUN),
            runSeen(RUNNING, RUN, 900))) {
      assertThat(relay.send(late.observed(true)).verdict()).isEqualTo(Verdict.STALE);
    }
    assertThat(relay.state.activeRuns()).containsValue(listed(RUN + 1, 300));
  }

  @Test
  void whatIsSaidOfAnotherRunEndsNothing() {
    relay.bring(RUNNING, 104);
    for (EnvironmentEvent.Builder other :
        List.of(
            entered(STOP_ACTIVITY, 900).state(CONFIGURED),
            entered(GO_ERROR, 900).state(ERROR),
            failed(START_ACTIVITY, 900).state(CONFIGURED),
            seen(ERROR, 900))) {
      Applied applied = relay.send(other.runNumber(RUN - 1).observed(true));
      assertThat(applied.verdict()).isEqualTo(Verdict.STALE);
      assertThat(applied.reason()).contains("run 499999", "not the active one");
    }
    assertThat(relay.send(entered(STOP_ACTIVITY, 900).runNumber(RUN - 1)).verdict())
        .isEqualTo(Verdict.REFUSED);
    assertThat(relay.state.activeRuns()).containsValue(listed(RUN, 104));
  }

  @Test
  void aLowerRunNumberIsPublishedAndRemarkedOnce() {
    relay.bring(RUNNING, 104);
    relay.send(entered(STOP_ACTIVITY, 200));
    Applied announced =
        relay.send(before(START_ACTIVITY, 300).state(CONFIGURED).runNumber(RUN - 7).observed(true));
    assertThat(announced.verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(announced.reason())
        .isEqualTo("runNumber: 499993 (expected: above 500000, a run before it)");
    Applied entered =
        relay.send(entered(START_ACTIVITY, 301).state(RUNNING).runNumber(RUN - 7).observed(true));
    assertThat(entered.reason()).isEmpty();
    assertThat(relay.state.activeRuns()).containsValue(listed(RUN - 7, 301));
    assertThat(relay.told(leaving(STOP_ACTIVITY, 400).state(RUNNING).observed(true)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 400, withRun(RUNNING, RUN - 7, 301)));
  }

  @Test
  void theSameNumberIsARunAgainWhenALaterStepStartsIt() {
    relay.bring(RUNNING, 104);
    relay.send(entered(STOP_ACTIVITY, 200));
    relay.deliverAll();
    relay.send(before(START_ACTIVITY, 300).state(CONFIGURED).runNumber(RUN).observed(true));
    relay.send(leaving(START_ACTIVITY, 301).state(CONFIGURED).runNumber(RUN).observed(true));
    relay.send(entered(START_ACTIVITY, 302).state(RUNNING).runNumber(RUN).observed(true));
    assertThat(relay.pending())
        .extracting(Message::topic)
        .containsExactly(
            "aliecs.before_start_activity",
            "aliecs.env_leave_state.CONFIGURED",
            "aliecs.env_state.RUNNING",
            "aliecs.env_list.RUNNING");
  }

  @Test
  void theLateFailureOfAnEarlierStartDoesNotCancelTheRunThatIsAnnounced() {
    relay.bring(CONFIGURED, 104);
    relay.send(before(START_ACTIVITY, 200).runNumber(RUN));
    relay.send(before(START_ACTIVITY, 210).runNumber(RUN + 1));
    relay.send(failed(START_ACTIVITY, 205).state(CONFIGURED).runNumber(RUN).observed(true));
    relay.send(entered(START_ACTIVITY, 220));
    assertThat(relay.state.activeRuns()).containsValue(listed(RUN + 1, 220));
  }

  @Test
  void aLateEventThatSkipsStatesIsStale() {
    relay.bring(RUNNING, 104);
    assertThat(relay.send(seen(DEPLOYED, 103)).verdict()).isEqualTo(Verdict.STALE);
    assertThat(relay.send(entered(DEPLOY, 103).state(DEPLOYED).observed(true)).verdict())
        .isEqualTo(Verdict.STALE);
    assertThat(relay.environment().state()).isEqualTo(RUNNING);
  }

  @Test
  void legalStepsAreAppliedWhenTheClockHasSteppedBackByAnHour() {
    long hour = 3_600_000;
    relay.bring(CONFIGURED, 2 * hour);
    long now = hour;
    assertThat(
            relay.told(before(START_ACTIVITY, now).state(CONFIGURED).runNumber(RUN).observed(true)))
        .hasSize(1);
    assertThat(
            relay.told(
                leaving(START_ACTIVITY, now + 1).state(CONFIGURED).runNumber(RUN).observed(true)))
        .hasSize(1);
    assertThat(
            relay.told(
                entered(START_ACTIVITY, now + 2).state(RUNNING).runNumber(RUN).observed(true)))
        .endsWith(list(2 * hour, listed(RUN, now + 2)));
    assertThat(
            relay.told(
                leaving(STOP_ACTIVITY, now - 5).state(RUNNING).runNumber(RUN).observed(true)))
        .singleElement()
        .returns(true, Message::isEor);
    assertThat(relay.told(entered(STOP_ACTIVITY, now - 4).state(CONFIGURED).observed(true)))
        .endsWith(list(2 * hour));
  }

  @Test
  void anEnvironmentSeenToBeGoneIsDestroyedWhateverTheClockSays() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(seen(DONE, 50)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 50, withRun(RUNNING, RUN, 104)),
            message("aliecs.env_state.UNKNOWN", 50, idle(UNKNOWN, 104)),
            list(104));
  }

  @ParameterizedTest
  @EnumSource(names = {"LEAVING", "ENTERED", "FAILED", "OBSERVED"})
  void noReaderIsEverToldOfTheStateDone(EventType type) {
    relay.bring(CONFIGURED, 104);
    EnvironmentEvent.Builder event =
        EnvironmentEvent.builder(ENV, type, 200).transition(DESTROY).state(DONE).observed(true);
    assertThat(relay.told(event))
        .containsExactly(
            message("aliecs.env_leave_state.CONFIGURED", 200, idle(CONFIGURED, 104)),
            message("aliecs.env_state.UNKNOWN", 200, idle(UNKNOWN, 104)),
            list(200));
  }

  @Test
  void anObservationOfWhatIsKnownChangesNothing() {
    relay.bring(RUNNING, 104);
    for (EnvironmentEvent.Builder event :
        List.of(
            seen(RUNNING, 200),
            seen(RUNNING, 200).runNumber(RUN),
            runSeen(RUNNING, RUN, 200),
            entered(START_ACTIVITY, 200).state(RUNNING).runNumber(RUN).observed(true),
            before(START_ACTIVITY, 200).state(CONFIGURED).runNumber(RUN).observed(true),
            before(STOP_ACTIVITY, 200).state(RUNNING).observed(true),
            EnvironmentEvent.builder(ENV, EventType.OBSERVED, 200).observed(true))) {
      Environment known = relay.environment();
      assertThat(relay.send(event).verdict()).isEqualTo(Verdict.UNCHANGED);
      assertThat(relay.environment()).isSameAs(known);
    }
  }

  @Test
  void reenteringTheStateItIsInBySomeOtherTransitionChangesNothing() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.told(entered(RESET, 200).state(CONFIGURED).observed(true))).isEmpty();
    assertThat(relay.environment().enteredAt()).isEqualTo(104);
  }

  @Test
  void aRunEventOfAnUnknownActiveRunStartsIt() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.told(runSeen(RUNNING, RUN, 200)))
        .endsWith(
            message("aliecs.env_state.RUNNING", 200, withRun(RUNNING, RUN, 200)),
            list(200, listed(RUN, 200)));
  }

  @Test
  void aRunEventThatSaysItIsOverEndsIt() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(runSeen(CONFIGURED, RUN, 200)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 200, withRun(RUNNING, RUN, 104)),
            message("aliecs.env_state.CONFIGURED", 200, idle(CONFIGURED, 200)),
            list(200));
  }

  @Test
  void aRunEventOfAnotherRunThatIsNotActiveChangesNothing() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(runSeen(CONFIGURED, RUN + 1, 200))).isEmpty();
    assertThat(relay.told(runSeen(ERROR, RUN - 1, 200))).isEmpty();
    assertThat(relay.environment().run()).isNotNull();
  }

  @Test
  void aRunEventAboutNoActiveRunDoesNotMakeAnEnvironmentKnown() {
    relay.send(runSeen(CONFIGURED, RUN, 200));
    assertThat(relay.state.environments()).isEmpty();
    relay.send(runSeen(RUNNING, RUN, 201));
    assertThat(relay.environment().state()).isEqualTo(RUNNING);
  }

  @Test
  void theTopicOfRunsMayBeAheadOfTheTopicOfEnvironments() {
    relay.bring(DEPLOYED, 104);
    relay.send(runSeen(RUNNING, RUN, 300));
    relay.send(runSeen(CONFIGURED, RUN, 400));
    relay.deliverAll();
    for (EnvironmentEvent.Builder late :
        List.of(
            leaving(CONFIGURE, 200).state(DEPLOYED),
            entered(CONFIGURE, 210).state(CONFIGURED),
            before(START_ACTIVITY, 280).state(CONFIGURED).runNumber(RUN),
            leaving(START_ACTIVITY, 290).state(CONFIGURED).runNumber(RUN),
            entered(START_ACTIVITY, 295).state(RUNNING).runNumber(RUN),
            leaving(STOP_ACTIVITY, 390).state(RUNNING).runNumber(RUN),
            entered(STOP_ACTIVITY, 395).state(CONFIGURED).runNumber(RUN))) {
      relay.send(late.observed(true));
    }
    assertThat(relay.pending()).isEmpty();
    assertThat(relay.environment().state()).isEqualTo(CONFIGURED);
  }

  @Test
  void aLateCreationTellsWhetherAnAdoptedEnvironmentIsPublished() {
    relay.send(seen(CONFIGURED, 200));
    assertThat(relay.environment().publish()).isTrue();
    relay.send(created(100).observed(true).kafkaEnabled(false));
    assertThat(relay.environment().publish()).isFalse();
    assertThat(relay.told(leaving(Transition.GO_ERROR, 300))).isEmpty();
  }

  @Test
  void aLateCreationDoesNotHideARunThatReadersKnow() {
    relay.send(runSeen(RUNNING, RUN, 200));
    relay.send(created(100).observed(true).kafkaEnabled(false));
    assertThat(relay.environment().publish()).isTrue();
    assertThat(relay.state.activeRuns()).containsKey(ENV);
  }

  @Test
  void aLateCreationTellsAnAdoptedEnvironmentWhatItIsMadeOf() {
    relay.send(runSeen(RUNNING, RUN, 200));
    EnvironmentInfo bare = new EnvironmentInfo(ENV, RUN, null, RUNNING, List.of(), 200);
    assertThat(relay.state.activeRuns()).containsValue(bare);
    assertThat(relay.told(created(100).observed(true)))
        .containsExactly(list(200, listed(RUN, 200)));
    assertThat(relay.environment().changedAt()).isEqualTo(200);
    assertThat(relay.told(leaving(STOP_ACTIVITY, 300)))
        .containsExactly(
            message("aliecs.env_leave_state.RUNNING", 300, withRun(RUNNING, RUN, 200)));
    assertThat(relay.send(created(100).observed(true)).verdict()).isEqualTo(Verdict.UNCHANGED);
  }

  @Test
  void theSameEventIsAppliedOnce() {
    relay.bring(CONFIGURED, 104);
    EnvironmentEvent event = before(START_ACTIVITY, 200).runNumber(RUN).eventId("the same").build();
    assertThat(relay.apply(event).verdict()).isEqualTo(Verdict.APPLIED);
    RelayState once = relay.state;
    assertThat(relay.apply(event).verdict()).isEqualTo(Verdict.DUPLICATE);
    assertThat(relay.state).isEqualTo(once);
  }

  @Test
  void aRepeatedEndIsADuplicateNotARefusal() {
    relay.bring(CONFIGURED, 104);
    EnvironmentEvent event = destroyed(200).eventId("the same").build();
    relay.apply(event);
    assertThat(relay.apply(event).verdict()).isEqualTo(Verdict.DUPLICATE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aRepeatedEndIsADuplicateHoweverFewEndedEnvironmentsAreKept(int kept) {
    relay.apply(new Command.HistoryLimited(kept, 0));
    List<EnvironmentEvent> ends = endTogether(5);
    RelayState once = relay.state;

    assertThat(ends)
        .allSatisfy(
            end -> {
              assertThat(relay.apply(end).verdict()).isEqualTo(Verdict.DUPLICATE);
              assertThat(relay.state).isEqualTo(once);
            });
    assertThat(relay.state.ended()).hasSize(kept);
  }

  @Test
  void aRepeatedEndIsADuplicateWhenTheEndedEnvironmentIsTooOldToBeKept() {
    List<EnvironmentEvent> ends = endTogether(2);
    relay.apply(new Command.HistoryLimited(RelayState.ENDED_LIMIT, Long.MAX_VALUE));
    assertThat(relay.state.ended()).isEmpty();
    assertThat(ends)
        .allSatisfy(end -> assertThat(relay.apply(end).verdict()).isEqualTo(Verdict.DUPLICATE));
  }

  @Test
  void anyEventButTheOneThatEndedAnEnvironmentIsRefusedOnceNoMoreIsKept() {
    relay.apply(new Command.HistoryLimited(0, 0));
    relay.bring(CONFIGURED, 104);
    relay.apply(entered(EXIT, 200).eventId("the end").build());

    assertThat(relay.apply(entered(EXIT, 200).eventId("the end").build()).verdict())
        .isEqualTo(Verdict.DUPLICATE);
    assertThat(relay.apply(entered(EXIT, 200).eventId("another").build()).verdict())
        .isEqualTo(Verdict.REFUSED);
    assertThat(relay.apply(destroyed(201).eventId("late").observed(true).build()).verdict())
        .isEqualTo(Verdict.STALE);
    assertThat(relay.apply(destroyed(201).eventId("late").build()).verdict())
        .as("what was not applied did not end it")
        .isEqualTo(Verdict.REFUSED);
  }

  @Test
  void theEndOfAnEnvironmentThatWasNeverKnownIsADuplicateWhenRepeated() {
    EnvironmentEvent end = destroyed(100).observed(true).eventId("the end").build();
    assertThat(relay.apply(end).verdict()).isEqualTo(Verdict.UNCHANGED);
    assertThat(relay.apply(end).verdict()).isEqualTo(Verdict.DUPLICATE);
  }

  private List<EnvironmentEvent> endTogether(int environments) {
    List<EnvironmentEvent> ends = new ArrayList<>();
    for (int i = 0; i < environments; i++) {
      relay.send(created("env-" + i, 100));
      ends.add(
          EnvironmentEvent.builder("env-" + i, EventType.DESTROYED, 101)
              .eventId("end-of-" + i)
              .build());
    }
    ends.forEach(relay::apply);
    return ends;
  }

  @Test
  void theTimelineIsBoundedAndKeepsTheNewest() {
    relay.bring(DEPLOYED, 104);
    for (int i = 0; i < 100; i++) {
      relay.send(entered(CONFIGURE, 200 + 2 * i));
      relay.send(entered(RESET, 201 + 2 * i));
    }
    assertThat(relay.environment().timeline())
        .hasSize(Timeline.LIMIT)
        .last()
        .returns(399L, TimelineEntry::timestamp);
  }

  @Test
  void ofEnvironmentsThatHaveEndedNoMoreIsKeptThanWasSaid() {
    for (int i = 0; i < 6; i++) {
      end("env-" + i, 100 + i);
    }
    relay.state = relay.state.apply(new Command.HistoryLimited(4, 0)).state();
    assertThat(relay.state.ended())
        .extracting(Environment::id)
        .containsExactly("env-2", "env-3", "env-4", "env-5");
    end("env-6", 106);
    assertThat(relay.state.ended()).hasSize(4).first().returns("env-3", Environment::id);

    relay.state = relay.state.apply(new Command.HistoryLimited(4, 105)).state();
    assertThat(relay.state.ended()).extracting(Environment::id).containsExactly("env-5", "env-6");
    assertThat(relay.state.endedBy()).containsKey("env-0");
  }

  private void end(String id, long time) {
    relay.send(created(id, time));
    relay.send(EnvironmentEvent.builder(id, EventType.DESTROYED, time));
    relay.deliverAll();
  }

  @Test
  void environmentsThatHaveEndedAreBoundedAndTheNewestStayVisible() {
    int count = RelayState.ENDED_IDS_LIMIT + 1;
    for (int i = 0; i < count; i++) {
      relay.send(created("env-" + i, 100));
      relay.send(EnvironmentEvent.builder("env-" + i, EventType.DESTROYED, 101));
      relay.deliverAll();
    }
    assertThat(relay.state.ended()).hasSize(RelayState.ENDED_LIMIT);
    assertThat(relay.state.ended()).last().returns("env-" + (count - 1), Environment::id);
    assertThat(relay.state.endedBy())
        .hasSize(RelayState.ENDED_IDS_LIMIT)
        .doesNotContainKey("env-0");
    assertThat(relay.state.endedOrder()).hasSize(RelayState.ENDED_IDS_LIMIT);
    assertThat(relay.send(created("env-1", 200).observed(true)).verdict()).isEqualTo(Verdict.STALE);
  }
}
