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
  void a_core_that_starts_ends_a_run_and_its_environment() {
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
  void a_core_that_starts_leaves_what_was_heard_of_since() {
    relay.bring(RUNNING, 104);
    assertThat(told(coreStarted(104))).isEmpty();
    assertThat(relay.environment().state()).isEqualTo(RUNNING);
  }

  @Test
  void a_start_of_the_core_that_is_read_twice_ends_nothing_twice() {
    relay.bring(RUNNING, 104);
    SourcePosition position = new SourcePosition(CORE, 3);
    Command.CoreStarted start = new Command.CoreStarted("core", 200, position);
    assertThat(told(start)).hasSize(3);
    assertThat(relay.apply(start).verdict()).isEqualTo(Verdict.DUPLICATE);
  }

  @Test
  void an_environment_ends_only_if_it_has_not_changed_since_the_answer_was_asked_for() {
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
  void the_timeline_says_who_has_ended_it() {
    relay.bring(RUNNING, 104);
    assertThat(told(forgotten(300))).hasSize(3);
    assertThat(lastReason()).isEqualTo("forgotten by anna@control1");
  }

  @Test
  void no_end_lies_before_what_the_environment_did_last() {
    relay.bring(RUNNING, 104);
    assertThat(told(forgotten(50))).first().isEqualTo(left(104, Relay.withRun(RUNNING, RUN, 104)));
  }

  @Test
  void a_run_whose_end_was_told_is_not_told_to_end_again() {
    relay.bring(RUNNING, 104);
    relay.send(leaving(STOP_ACTIVITY, 110));
    assertThat(told(coreStarted(200)))
        .containsExactly(in(200, Relay.idle(UNKNOWN, 104)), list(200));
  }

  @Test
  void an_environment_that_aliecs_speaks_of_later_comes_back_with_all_that_was_known() {
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
  void what_was_said_before_the_end_or_belongs_to_it_brings_nothing_back() {
    relay.bring(RUNNING, 104);
    relay.apply(forgotten(300));
    assertThat(relay.send(seen(RUNNING, 300).runNumber(RUN)).verdict()).isEqualTo(Verdict.STALE);
    assertThat(relay.send(leaving(DESTROY, 400).state(RUNNING).observed(true)).verdict())
        .isEqualTo(Verdict.STALE);
    assertThat(relay.state.environments()).isEmpty();
  }

  @Test
  void an_end_that_aliecs_confirms_is_final() {
    relay.bring(RUNNING, 104);
    relay.apply(forgotten(300));
    assertThat(relay.told(destroyed(310).observed(true))).isEmpty();
    assertThat(relay.send(seen(RUNNING, 400).runNumber(RUN)).verdict()).isEqualTo(Verdict.STALE);
  }

  @Test
  void an_environment_comes_back_also_when_nothing_is_kept_of_what_has_ended() {
    relay.apply(new Command.HistoryLimited(0, 0));
    relay.bring(CONFIGURED, 104);
    relay.apply(coreStarted(300));
    assertThat(relay.told(seen(CONFIGURED, 400))).hasSize(2);
    assertThat(relay.state.endedOrder()).isEmpty();
  }

  @Test
  void a_sender_on_the_bus_does_not_bring_it_back_but_by_creating_it() {
    relay.bring(CONFIGURED, 104);
    relay.apply(forgotten(300));
    assertThat(relay.send(entered(Transition.RESET, 400)).verdict())
        .isEqualTo(Verdict.UNKNOWN_ENVIRONMENT);
    assertThat(relay.send(created(500)).verdict()).isEqualTo(Verdict.APPLIED);
  }

  @Test
  void a_loaded_environment_lets_the_end_of_the_one_be_expected_that_has_its_detector() {
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
  void other_detectors_and_senders_on_the_bus_take_nothing_away() {
    relay.bring(RUNNING, 104);
    relay.send(created(OTHER, 200).detectors(List.of("MCH")).observed(true));
    relay.send(created("2rOtherEnv2", 201).detectors(List.of("TPC")));
    assertThat(relay.environment().ending()).isNull();
  }

  @Test
  void an_end_that_comes_itself_is_the_end() {
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
  void news_that_are_no_part_of_the_end_show_that_it_lives_on() {
    relay.bring(RUNNING, 104);
    relay.send(tornDown(200));
    relay.send(seen(RUNNING, 199).runNumber(RUN));
    assertThat(relay.environment().ending()).isNotNull();
    relay.send(seen(RUNNING, 201).runNumber(RUN)); // nothing new, but later
    assertThat(relay.environment().ending()).isNull();
  }

  @Test
  void news_that_undo_one_end_leave_a_later_one_to_be_expected() {
    relay.bring(RUNNING, 104);
    relay.send(tornDown(200));
    relay.send(created(OTHER, 300).detectors(List.of("TPC")).observed(true));
    relay.send(seen(RUNNING, 201).runNumber(RUN)); // not torn down, but before it lost the TPC
    assertThat(ending().cause()).isEqualTo(EndCause.DETECTOR_TAKEN);
    assertThat(ending().since()).isEqualTo(300);
  }

  @Test
  void what_is_on_its_way_out_has_lost_the_detector_that_was_loaded_before() {
    relay.bring(CONFIGURED, 104);
    relay.send(leaving(DESTROY, 210).state(CONFIGURED).observed(true));
    relay.send(created(OTHER, 200).detectors(List.of("TPC")).observed(true)); // told late
    assertThat(ending().cause()).isEqualTo(EndCause.DETECTOR_TAKEN);
    assertThat(relay.state.environments().get(OTHER).ending()).isNull();
  }

  @Test
  void the_newer_environment_on_its_way_out_loses_nothing_to_the_older_one() {
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
  void what_comes_back_takes_its_detectors_from_what_is_older() {
    relay.send(created(200).observed(true));
    relay.apply(forgotten(300));
    relay.send(created(OTHER, 100).detectors(List.of("TPC")).observed(true)); // told late
    relay.send(seen(CONFIGURED, 400));
    assertThat(relay.environment().ending()).isNull();
    assertThat(relay.state.environments().get(OTHER).ending()).isNotNull();
  }

  @Test
  void a_destruction_that_failed_shows_that_it_lives_on() {
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
  void a_tear_down_of_what_is_not_known_tracks_nothing() {
    assertThat(relay.send(tornDown(200).state(RUNNING).runNumber(RUN)).verdict())
        .isEqualTo(Verdict.UNCHANGED);
    assertThat(relay.state.environments()).isEmpty();
  }

  @Test
  void what_is_read_late_behind_a_start_of_the_core_is_to_be_expected_to_end() {
    relay.apply(coreStarted(200));
    relay.send(seen(CONFIGURED, 150));
    assertThat(ending()).isEqualTo(new Ending(EndCause.CORE_RESTARTED, "core restarted", 200));
  }

  @Test
  void what_is_read_late_of_the_older_environment_is_to_be_expected_to_end() {
    relay.send(created(OTHER, 200).detectors(List.of("TPC")).observed(true));
    relay.send(created(100).observed(true));
    assertThat(ending().cause()).isEqualTo(EndCause.DETECTOR_TAKEN);
    assertThat(relay.state.environments().get(OTHER).ending()).isNull();
  }

  @Test
  void what_the_history_leaves_open_is_judged_when_it_is_applied_and_not_told() {
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
  void by_the_first_rules_no_end_is_expected() {
    relay.bring(RUNNING, 104);
    EnvironmentEvent other =
        created(OTHER, 200).detectors(List.of("TPC")).observed(true).eventId("other").build();
    RelayState before = relay.state.apply(other, Rules.FIRST).state();
    assertThat(before.environments().get(Relay.ENV).ending()).isNull();
  }

  // Workflows

  @Test
  void an_environment_whose_workflow_is_not_meant_is_tracked_and_not_published() {
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
  void its_own_kafka_enabled_does_not_publish_a_workflow_that_is_not_meant() {
    relay.send(created(100).workflow("tpc-pulser").workflowMeant(false).kafkaEnabled(true));
    assertThat(relay.environment().publish()).isFalse();
    relay.send(created(101).observed(true).kafkaEnabled(true));
    assertThat(relay.environment().publish()).isFalse();
  }

  @Test
  void a_workflow_that_is_said_late_turns_publishing_off_where_no_run_was_told() {
    relay.bring(CONFIGURED, 104);
    Verdict verdict =
        relay.send(seen(CONFIGURED, 105).workflow("tpc-pulser").workflowMeant(false)).verdict();
    assertThat(verdict).isEqualTo(Verdict.APPLIED);
    assertThat(relay.environment().publish()).isFalse();
  }

  @Test
  void a_workflow_that_is_said_while_a_run_is_on_lets_readers_have_its_end() {
    relay.bring(RUNNING, 104);
    relay.send(seen(RUNNING, 105).workflow("tpc-pulser").workflowMeant(false));
    assertThat(relay.environment().publish()).isTrue();
    relay.send(leaving(STOP_ACTIVITY, 110));
    assertThat(relay.told(entered(STOP_ACTIVITY, 111))).last().isEqualTo(list(111));
    assertThat(relay.told(entered(Transition.RESET, 112))).isEmpty();
    assertThat(relay.environment().publish()).isFalse();
  }

  @Test
  void an_environment_whose_workflow_was_never_said_is_published() {
    relay.bring(CONFIGURED, 104);
    assertThat(relay.environment().publish()).isTrue();
    assertThat(relay.environment().workflowMeant()).isNull();
  }
}
