package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Message.list;
import static io.aliecs.relay.domain.Message.message;
import static io.aliecs.relay.domain.Relay.created;
import static io.aliecs.relay.domain.Relay.destroyed;
import static io.aliecs.relay.domain.Relay.entered;
import static io.aliecs.relay.domain.Relay.leaving;
import static io.aliecs.relay.domain.Relay.seen;
import static io.aliecs.relay.domain.aliecs.State.CONFIGURED;
import static io.aliecs.relay.domain.aliecs.State.RUNNING;
import static io.aliecs.relay.domain.aliecs.State.STANDBY;
import static io.aliecs.relay.domain.aliecs.State.UNKNOWN;
import static io.aliecs.relay.domain.aliecs.Transition.DESTROY;
import static io.aliecs.relay.domain.aliecs.Transition.STOP_ACTIVITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Ending;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Environments that are gone although AliECS has not said so. */
class EndsTest {
  private static final long RUN = 500_000;
  private static final String OTHER = "2rOtherEnv1";
  private static final SourcePartition ENVIRONMENTS = new SourcePartition("aliecs.environment", 0);
  private static final SourcePartition CORE = new SourcePartition("aliecs.core", 0);

  private final Relay relay = Relay.publishing();

  private static Command coreStarted(long at) {
    return new Command.CoreStarted("core-" + at, at, null);
  }

  private static Command forgotten(long at) {
    return new Command.EnvironmentEnded(
        Relay.ENV, EndCause.FORGOTTEN, "", "anna@control1", Long.MAX_VALUE, at);
  }

  private static EnvironmentEvent.Builder tornDown(long at) {
    return EnvironmentEvent.builder(Relay.ENV, EventType.TORN_DOWN, at).observed(true);
  }

  private static Message left(long at, EnvironmentInfo info) {
    return message("aliecs.env_leave_state." + info.state(), at, info);
  }

  private static Message in(long at, EnvironmentInfo info) {
    return message("aliecs.env_state." + info.state(), at, info);
  }

  private List<Message> told(Command command) {
    long last = relay.state.outbox().next() - 1;
    relay.apply(command);
    return relay.messagesAfter(last);
  }

  private String lastReason() {
    List<TimelineEntry> steps = relay.environment().timeline();
    return steps.get(steps.size() - 1).reason();
  }

  private Ending ending() {
    Ending ending = relay.environment().ending();
    if (ending == null) {
      throw new AssertionError("no end is expected");
    }
    return ending;
  }

  @Test
  void aCoreThatStartsEndsARunAndItsEnvironment() {
    relay.bring(RUNNING, 104);
    assertThat(told(coreStarted(200)))
        .containsExactly(
            left(200, Relay.withRun(RUNNING, RUN, 104)),
            in(200, Relay.idle(UNKNOWN, 104)),
            list(200));
    assertThat(relay.state.environments()).isEmpty();
    assertThat(relay.state.activeRuns()).isEmpty();
    assertThat(lastReason()).isEqualTo("core restarted");
  }

  @Test
  void aCoreThatStartsLeavesWhatWasHeardOfSince() {
    relay.bring(RUNNING, 104);
    assertThat(told(coreStarted(104))).isEmpty();
    assertThat(relay.environment().state()).isEqualTo(RUNNING);
  }

  @Test
  void aStartOfTheCoreThatIsReadTwiceEndsNothingTwice() {
    relay.bring(RUNNING, 104);
    SourcePosition position = new SourcePosition(CORE, 3);
    Command.CoreStarted start = new Command.CoreStarted("core", 200, position);
    assertThat(told(start)).hasSize(3);
    assertThat(relay.apply(start).verdict()).isEqualTo(Verdict.DUPLICATE);
  }

  @Test
  void anEnvironmentEndsOnlyIfItHasNotChangedSinceTheAnswerWasAskedFor() {
    relay.bring(CONFIGURED, 104);
    Command late =
        new Command.EnvironmentEnded(Relay.ENV, EndCause.UNKNOWN_TO_CORE, "", "", 103, 300);
    assertThat(relay.apply(late).verdict()).isEqualTo(Verdict.STALE);
    Command now =
        new Command.EnvironmentEnded(Relay.ENV, EndCause.UNKNOWN_TO_CORE, "", "", 104, 300);
    assertThat(told(now)).hasSize(3);
    assertThat(lastReason()).isEqualTo("the core does not know it");
    assertThat(relay.apply(now).verdict()).isEqualTo(Verdict.UNKNOWN_ENVIRONMENT);
  }

  @Test
  void theTimelineSaysWhoHasEndedIt() {
    relay.bring(RUNNING, 104);
    assertThat(told(forgotten(300))).hasSize(3);
    assertThat(lastReason()).isEqualTo("forgotten by anna@control1");
  }

  @Test
  void noEndLiesBeforeWhatTheEnvironmentDidLast() {
    relay.bring(RUNNING, 104);
    assertThat(told(forgotten(50))).first().isEqualTo(left(104, Relay.withRun(RUNNING, RUN, 104)));
  }

  @Test
  void aRunWhoseEndWasToldIsNotToldToEndAgain() {
    relay.bring(RUNNING, 104);
    relay.send(leaving(STOP_ACTIVITY, 110));
    assertThat(told(coreStarted(200)))
        .containsExactly(in(200, Relay.idle(UNKNOWN, 104)), list(200));
  }

  @Test
  void anEnvironmentThatAliecsSpeaksOfLaterComesBackWithAllThatWasKnown() {
    relay.bring(RUNNING, 104);
    relay.apply(forgotten(300));
    List<Message> told = relay.told(seen(RUNNING, 400).runNumber(RUN));
    assertThat(told)
        .containsExactly(
            in(400, Relay.withRun(RUNNING, RUN, 400)), list(400, Relay.listed(RUN, 400)));
    assertThat(relay.environment().timeline()).hasSizeGreaterThan(5);
    assertThat(relay.state.ended()).isEmpty();
    assertThat(relay.state.endedBy()).isEmpty();
    assertThat(relay.state.inferredEnds()).isEmpty();
  }

  @Test
  void whatWasSaidBeforeTheEndOrBelongsToItBringsNothingBack() {
    relay.bring(RUNNING, 104);
    relay.apply(forgotten(300));
    assertThat(relay.send(seen(RUNNING, 300).runNumber(RUN)).verdict()).isEqualTo(Verdict.STALE);
    assertThat(relay.send(leaving(DESTROY, 400).state(RUNNING).observed(true)).verdict())
        .isEqualTo(Verdict.STALE);
    assertThat(relay.state.environments()).isEmpty();
  }

  @Test
  void anEndThatAliecsConfirmsIsFinal() {
    relay.bring(RUNNING, 104);
    relay.apply(forgotten(300));
    assertThat(relay.told(destroyed(310).observed(true))).isEmpty();
    assertThat(relay.send(seen(RUNNING, 400).runNumber(RUN)).verdict()).isEqualTo(Verdict.STALE);
  }

  @Test
  void anEnvironmentComesBackAlsoWhenNothingIsKeptOfWhatHasEnded() {
    relay.apply(new Command.HistoryLimited(0, 0));
    relay.bring(CONFIGURED, 104);
    relay.apply(coreStarted(300));
    assertThat(relay.told(seen(CONFIGURED, 400))).hasSize(2);
    assertThat(relay.state.endedOrder()).isEmpty();
  }

  @Test
  void aSenderOnTheBusDoesNotBringItBackButByCreatingIt() {
    relay.bring(CONFIGURED, 104);
    relay.apply(forgotten(300));
    assertThat(relay.send(entered(Transition.RESET, 400)).verdict())
        .isEqualTo(Verdict.UNKNOWN_ENVIRONMENT);
    assertThat(relay.send(created(500)).verdict()).isEqualTo(Verdict.APPLIED);
  }

  @Test
  void aLoadedEnvironmentLetsTheEndOfTheOneBeExpectedThatHasItsDetector() {
    relay.bring(RUNNING, 104);
    assertThat(relay.told(created(OTHER, 200).detectors(List.of("MCH", "TPC")).observed(true)))
        .hasSize(2);
    assertThat(ending())
        .isEqualTo(
            new Ending(
                EndCause.DETECTOR_TAKEN, "detector TPC is now in environment " + OTHER, 200));
    assertThat(relay.state.activeRuns()).containsKey(Relay.ENV);
  }

  @Test
  void otherDetectorsAndSendersOnTheBusTakeNothingAway() {
    relay.bring(RUNNING, 104);
    relay.send(created(OTHER, 200).detectors(List.of("MCH")).observed(true));
    relay.send(created("2rOtherEnv2", 201).detectors(List.of("TPC")));
    assertThat(relay.environment().ending()).isNull();
  }

  @Test
  void anEndThatComesItselfIsTheEnd() {
    relay.bring(RUNNING, 104);
    relay.send(tornDown(200));
    assertThat(ending().cause()).isEqualTo(EndCause.TORN_DOWN);
    relay.send(leaving(DESTROY, 201).state(RUNNING).observed(true));
    assertThat(ending().cause()).isEqualTo(EndCause.TORN_DOWN);
    assertThat(relay.told(destroyed(202).observed(true)))
        .containsExactly(in(202, Relay.idle(UNKNOWN, 104)), list(202));
    assertThat(relay.state.inferredEnds()).isEmpty();
  }

  @Test
  void newsThatAreNoPartOfTheEndShowThatItLivesOn() {
    relay.bring(RUNNING, 104);
    relay.send(tornDown(200));
    relay.send(seen(RUNNING, 199).runNumber(RUN));
    assertThat(relay.environment().ending()).isNotNull();
    relay.send(seen(RUNNING, 201).runNumber(RUN)); // nothing new, but later
    assertThat(relay.environment().ending()).isNull();
  }

  @Test
  void newsThatUndoOneEndLeaveALaterOneToBeExpected() {
    relay.bring(RUNNING, 104);
    relay.send(tornDown(200));
    relay.send(created(OTHER, 300).detectors(List.of("TPC")).observed(true));
    relay.send(seen(RUNNING, 201).runNumber(RUN)); // not torn down, but before it lost the TPC
    assertThat(ending().cause()).isEqualTo(EndCause.DETECTOR_TAKEN);
    assertThat(ending().since()).isEqualTo(300);
  }

  @Test
  void whatIsOnItsWayOutHasLostTheDetectorThatWasLoadedBefore() {
    relay.bring(CONFIGURED, 104);
    relay.send(leaving(DESTROY, 210).state(CONFIGURED).observed(true));
    relay.send(created(OTHER, 200).detectors(List.of("TPC")).observed(true)); // told late
    assertThat(ending().cause()).isEqualTo(EndCause.DETECTOR_TAKEN);
    assertThat(relay.state.environments().get(OTHER).ending()).isNull();
  }

  @Test
  void theNewerEnvironmentOnItsWayOutLosesNothingToTheOlderOne() {
    relay.bring(CONFIGURED, 104);
    relay.send(created(OTHER, 200).detectors(List.of("TPC")).observed(true));
    relay.send(
        EnvironmentEvent.builder(OTHER, EventType.LEAVING, 300)
            .transition(DESTROY)
            .state(STANDBY)
            .observed(true));
    assertThat(relay.state.environments().get(OTHER).ending()).isNull();
  }

  @Test
  void whatComesBackTakesItsDetectorsFromWhatIsOlder() {
    relay.send(created(200).observed(true));
    relay.apply(forgotten(300));
    relay.send(created(OTHER, 100).detectors(List.of("TPC")).observed(true)); // told late
    relay.send(seen(CONFIGURED, 400));
    assertThat(relay.environment().ending()).isNull();
    assertThat(relay.state.environments().get(OTHER).ending()).isNotNull();
  }

  @Test
  void aDestructionThatFailedShowsThatItLivesOn() {
    relay.bring(CONFIGURED, 104);
    relay.send(tornDown(200));
    relay.send(
        EnvironmentEvent.builder(Relay.ENV, EventType.FAILED, 201)
            .transition(DESTROY)
            .state(CONFIGURED)
            .observed(true));
    assertThat(relay.environment().ending()).isNull();
  }

  @Test
  void aTearDownOfWhatIsNotKnownTracksNothing() {
    assertThat(relay.send(tornDown(200).state(RUNNING).runNumber(RUN)).verdict())
        .isEqualTo(Verdict.UNCHANGED);
    assertThat(relay.state.environments()).isEmpty();
  }

  @Test
  void whatIsReadLateBehindAStartOfTheCoreIsToBeExpectedToEnd() {
    relay.apply(coreStarted(200));
    relay.send(seen(CONFIGURED, 150));
    assertThat(ending()).isEqualTo(new Ending(EndCause.CORE_RESTARTED, "core restarted", 200));
  }

  @Test
  void whatIsReadLateOfTheOlderEnvironmentIsToBeExpectedToEnd() {
    relay.send(created(OTHER, 200).detectors(List.of("TPC")).observed(true));
    relay.send(created(100).observed(true));
    assertThat(ending().cause()).isEqualTo(EndCause.DETECTOR_TAKEN);
    assertThat(relay.state.environments().get(OTHER).ending()).isNull();
  }

  @Test
  void whatTheHistoryLeavesOpenIsJudgedWhenItIsAppliedAndNotTold() {
    relay.apply(new Command.SourceJoined(Map.of(ENVIRONMENTS, 3L)));
    Relay fresh = new Relay();
    fresh.apply(new Command.SettingsChanged(Relay.ON, 1));
    fresh.apply(new Command.SourceJoined(Map.of(ENVIRONMENTS, 3L)));
    fresh.send(history(seen(RUNNING, 100).runNumber(RUN).detectors(List.of("TPC")), 0));
    fresh.send(history(created(OTHER, 200).detectors(List.of("TPC")).observed(true), 1));
    assertThat(fresh.state.activeRuns()).containsKey(Relay.ENV);
    fresh.send(
        history(
            EnvironmentEvent.builder(OTHER, EventType.OBSERVED, 201).state(STANDBY).observed(true),
            2));
    assertThat(fresh.state.isHistoryApplied()).isTrue();
    assertThat(fresh.state.activeRuns()).isEmpty();
    assertThat(fresh.state.environments()).containsOnlyKeys(OTHER);
    assertThat(fresh.pending()).isEmpty();
    assertThat(fresh.environment().changedAt()).isEqualTo(200);
  }

  private static EnvironmentEvent.Builder history(EnvironmentEvent.Builder event, long offset) {
    return event.source(new SourcePosition(ENVIRONMENTS, offset));
  }

  @Test
  void byTheFirstRulesNoEndIsExpected() {
    relay.bring(RUNNING, 104);
    EnvironmentEvent other =
        created(OTHER, 200).detectors(List.of("TPC")).observed(true).eventId("other").build();
    RelayState before = relay.state.apply(other, Rules.FIRST).state();
    assertThat(before.environments().get(Relay.ENV).ending()).isNull();
  }

  // Workflows

  @Test
  void anEnvironmentWhoseWorkflowIsNotMeantIsTrackedAndNotPublished() {
    assertThat(relay.told(created(100).workflow("o2-roc-config").workflowMeant(false))).isEmpty();
    relay.send(entered(Transition.DEPLOY, 101));
    relay.send(entered(Transition.CONFIGURE, 102));
    assertThat(relay.told(entered(Transition.START_ACTIVITY, 103).runNumber(RUN))).isEmpty();
    assertThat(relay.environment().state()).isEqualTo(RUNNING);
    assertThat(relay.environment().publish()).isFalse();
    assertThat(relay.environment().workflow()).isEqualTo("o2-roc-config");
    assertThat(relay.state.activeRuns()).isEmpty();
  }

  @Test
  void itsOwnKafkaEnabledDoesNotPublishAWorkflowThatIsNotMeant() {
    relay.send(created(100).workflow("tpc-pulser").workflowMeant(false).kafkaEnabled(true));
    assertThat(relay.environment().publish()).isFalse();
    relay.send(created(101).observed(true).kafkaEnabled(true));
    assertThat(relay.environment().publish()).isFalse();
  }

  @Test
  void aWorkflowThatIsSaidLateTurnsPublishingOffWhereNoRunWasTold() {
    relay.bring(CONFIGURED, 104);
    Verdict verdict =
        relay.send(seen(CONFIGURED, 105).workflow("tpc-pulser").workflowMeant(false)).verdict();
    assertThat(verdict).isEqualTo(Verdict.APPLIED);
    assertThat(relay.environment().publish()).isFalse();
  }

  @Test
  void aWorkflowThatIsSaidWhileARunIsOnLetsReadersHaveItsEnd() {
    relay.bring(RUNNING, 104);
    relay.send(seen(RUNNING, 105).workflow("tpc-pulser").workflowMeant(false));
    assertThat(relay.environment().publish()).isTrue();
    relay.send(leaving(STOP_ACTIVITY, 110));
    assertThat(relay.told(entered(STOP_ACTIVITY, 111))).last().isEqualTo(list(111));
    assertThat(relay.told(entered(Transition.RESET, 112))).isEmpty();
    assertThat(relay.environment().publish()).isFalse();
  }

  @Test
  void anEnvironmentWhoseWorkflowWasNeverSaidIsPublished() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.environment().publish()).isTrue();
    assertThat(relay.environment().workflowMeant()).isNull();
  }
}
