package io.aliecs.relay.web.api.json;

import static io.aliecs.relay.domain.aliecs.EventType.BEFORE;
import static io.aliecs.relay.domain.aliecs.EventType.CREATED;
import static io.aliecs.relay.domain.aliecs.EventType.ENTERED;
import static io.aliecs.relay.domain.aliecs.EventType.FAILED;
import static io.aliecs.relay.domain.aliecs.EventType.LEAVING;
import static io.aliecs.relay.domain.aliecs.EventType.OBSERVED;
import static io.aliecs.relay.domain.aliecs.Transition.CONFIGURE;
import static io.aliecs.relay.domain.aliecs.Transition.DEPLOY;
import static io.aliecs.relay.domain.aliecs.Transition.START_ACTIVITY;
import static io.aliecs.relay.domain.aliecs.Transition.STOP_ACTIVITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.domain.message.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is said of the messages of a run, whatever became of them. */
class MessageFatesTest {
  private static final String ENV = "2env";
  private static final String END = Topics.leaving(State.RUNNING);
  private static final PublishingSettings ON =
      new PublishingSettings(true, List.of("kafka:9092"), true, 1, 1);

  private static final SourcePartition STREAM = new SourcePartition("aliecs.environment", 0);

  private RelayState state = RelayState.EMPTY;
  private long time = 1_000;

  @BeforeEach
  void publishing() {
    plugin(true);
  }

  private void plugin(boolean on) {
    apply(new Command.SettingsChanged(on ? ON : PublishingSettings.NONE, ++time));
  }

  private void apply(Command command) {
    state = state.apply(command).state();
  }

  private EnvironmentEvent.Builder event(EventType type, @Nullable Transition transition) {
    return EnvironmentEvent.builder(ENV, type, ++time)
        .eventId("event " + time)
        .transition(transition);
  }

  private void happens(EventType type, Transition transition) {
    apply(event(type, transition).build());
  }

  private void happens(EventType type, Transition transition, long run) {
    apply(event(type, transition).runNumber(run).build());
  }

  private void configured() {
    apply(event(CREATED, null).detectors(List.of("ITS")).kafkaEnabled(true).build());
    happens(ENTERED, DEPLOY);
    happens(ENTERED, CONFIGURE);
  }

  private void starts(long run) {
    happens(BEFORE, START_ACTIVITY, run);
    happens(ENTERED, START_ACTIVITY, run);
  }

  private void delivered() {
    apply(new Command.Delivered(state.outbox().next() - 1));
  }

  /** Of each message about that run, in their order: topic, whether late, status, reason. */
  private List<String> told(long run) {
    Environment environment = state.find(ENV);
    MessageFates fates = new MessageFates(state, environment);
    List<String> told = new ArrayList<>();
    for (int i = 0; i < environment.timeline().size(); i++) {
      for (String topic : environment.timeline().get(i).topics()) {
        if (Long.valueOf(run).equals(fates.runOf(i, topic))) {
          MessageFates.Fate fate = fates.of(i, topic);
          String late = fate.late() ? " late" : "";
          String reason = fate.reason() == null ? "" : " (" + fate.reason() + ")";
          told.add(topic.replace("aliecs.", "") + " " + fate.status() + late + reason);
        }
      }
    }
    return told;
  }

  @Test
  void theEndOfARunThatWasNeverSaidToComeIsOfThatRun() {
    configured();
    starts(7);
    happens(ENTERED, STOP_ACTIVITY);
    delivered();

    assertThat(told(7))
        .containsExactly(
            "before_start_activity published",
            "env_state.RUNNING published",
            "env_leave_state.RUNNING published");
  }

  @Test
  void theEndOfARunIsNotOfTheOneThatIsOnInstead() {
    configured();
    starts(7);
    apply(event(OBSERVED, null).state(State.RUNNING).runNumber(8L).observed(true).build());

    assertThat(told(7)).contains("env_leave_state.RUNNING pending").hasSize(3);
    assertThat(told(8))
        .containsExactly("before_start_activity pending", "env_state.RUNNING pending");
  }

  @Test
  void anEndThatWasMissedGoesOutLate() {
    configured();
    starts(7);
    delivered();
    plugin(false);
    happens(LEAVING, STOP_ACTIVITY);
    happens(ENTERED, STOP_ACTIVITY);
    assertThat(told(7))
        .endsWith("env_leave_state.RUNNING off late (late: goes out once publishing is on again)");

    plugin(true);
    assertThat(told(7)).endsWith("env_leave_state.RUNNING pending late");
    delivered();
    assertThat(told(7)).endsWith("env_leave_state.RUNNING published late");
  }

  @Test
  void aStartThatWasMissedGoesOutLateOnlyIfTheRunIsStillOn() {
    configured();
    plugin(false);
    starts(7);
    String owed =
        " off late (late: goes out once publishing is on again, if the run is still on then)";
    assertThat(told(7)).containsExactly("before_start_activity" + owed, "env_state.RUNNING" + owed);

    plugin(true);
    delivered();
    assertThat(told(7))
        .containsExactly(
            "before_start_activity published late", "env_state.RUNNING published late");
    happens(LEAVING, STOP_ACTIVITY);
    happens(ENTERED, STOP_ACTIVITY);
    delivered();
    assertThat(told(7))
        .containsExactly(
            "before_start_activity published late",
            "env_state.RUNNING published late",
            "env_leave_state.RUNNING published");
  }

  @Test
  void whatWasSentLateIsSaidToBeAlsoWhenTheNextGapHadTheEnd() {
    configured();
    plugin(false);
    starts(7);
    plugin(true);
    delivered();
    plugin(false);
    happens(ENTERED, STOP_ACTIVITY);
    plugin(true);
    delivered();

    assertThat(told(7))
        .containsExactly(
            "before_start_activity published late",
            "env_state.RUNNING published late",
            "env_leave_state.RUNNING published late");
  }

  @Test
  void aLateMessageThatKafkaRefusesIsParked() {
    configured();
    starts(7);
    delivered();
    plugin(false);
    happens(ENTERED, STOP_ACTIVITY);
    plugin(true);
    OutboxEntry end =
        state.outbox().entries().values().stream().filter(OutboxEntry::late).findAny().get();
    apply(
        new Command.Parked(
            List.of(new Command.Refusal(end.sequence(), END, "no right to write", true)), ++time));
    delivered();

    assertThat(told(7)).endsWith("env_leave_state.RUNNING parked late (no right to write)");
  }

  @Test
  void aRunThatLiesWhollyInAGapStaysUnpublished() {
    configured();
    plugin(false);
    starts(7);
    happens(ENTERED, STOP_ACTIVITY);
    plugin(true);
    delivered();

    assertThat(told(7))
        .hasSize(3)
        .allMatch(
            text ->
                text.endsWith(
                    " off (not published: the whole run fell in a time without publishing)"));
  }

  @Test
  void ofAStartThatFailedMeanwhileNothingMoreIsClaimed() {
    configured();
    plugin(false);
    happens(BEFORE, START_ACTIVITY, 7);
    happens(FAILED, START_ACTIVITY, 7);
    plugin(true);
    delivered();

    assertThat(told(7)).singleElement().asString().startsWith("before_start_activity off (not in");
  }

  @Test
  void whatWasThereBeforeThisRelayIsNotSaidToComeLate() {
    apply(new Command.SourceJoined(Map.of(STREAM, 10L)));
    apply(
        event(OBSERVED, null)
            .state(State.RUNNING)
            .runNumber(7L)
            .observed(true)
            .source(new SourcePosition(STREAM, 3))
            .build());

    assertThat(told(7)).isNotEmpty().allMatch(text -> text.endsWith("before this relay joined)"));
  }
}
