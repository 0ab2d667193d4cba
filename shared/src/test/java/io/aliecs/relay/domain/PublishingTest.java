package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Message.list;
import static io.aliecs.relay.domain.Message.message;
import static io.aliecs.relay.domain.Relay.ENV;
import static io.aliecs.relay.domain.Relay.JOURNAL;
import static io.aliecs.relay.domain.Relay.NOT_BY_DEFAULT;
import static io.aliecs.relay.domain.Relay.OFF;
import static io.aliecs.relay.domain.Relay.ON;
import static io.aliecs.relay.domain.Relay.created;
import static io.aliecs.relay.domain.Relay.entered;
import static io.aliecs.relay.domain.Relay.idle;
import static io.aliecs.relay.domain.Relay.leaving;
import static io.aliecs.relay.domain.Relay.listed;
import static io.aliecs.relay.domain.aliecs.State.CONFIGURED;
import static io.aliecs.relay.domain.aliecs.State.DEPLOYED;
import static io.aliecs.relay.domain.aliecs.State.RUNNING;
import static io.aliecs.relay.domain.aliecs.State.STANDBY;
import static io.aliecs.relay.domain.aliecs.Transition.DEPLOY;
import static io.aliecs.relay.domain.aliecs.Transition.START_ACTIVITY;
import static io.aliecs.relay.domain.aliecs.Transition.STOP_ACTIVITY;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command.Delivered;
import io.aliecs.relay.domain.command.Command.JournalCreated;
import io.aliecs.relay.domain.command.Command.PublishingStarted;
import io.aliecs.relay.domain.command.Command.SettingsChanged;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.PublishingSettings;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What of it all reaches Kafka: switches, watermarks, and starting to publish. */
class PublishingTest {
  private static final long RUN = 500_000;

  private final Relay relay = Relay.publishing();

  @Test
  void anEnvironmentTakesTheDefaultThatHoldsWhenItIsCreatedAndKeepsIt() {
    relay.send(created("on", 100));
    relay.apply(new SettingsChanged(NOT_BY_DEFAULT, 101));
    relay.send(created("off", 102));
    relay.apply(new SettingsChanged(ON, 103));
    assertThat(relay.state.environments().get("on").publish()).isTrue();
    assertThat(relay.state.environments().get("off").publish()).isFalse();
  }

  @Test
  void theEnvironmentsOwnVariableWins() {
    relay.send(created("off", 100).kafkaEnabled(false));
    relay.apply(new SettingsChanged(NOT_BY_DEFAULT, 101));
    relay.send(created("on", 102).kafkaEnabled(true));
    assertThat(relay.state.environments().get("off").publish()).isFalse();
    assertThat(relay.state.environments().get("on").publish()).isTrue();
  }

  @Test
  void anEnvironmentThatIsNotPublishedIsTrackedAndInNoMessage() {
    relay.send(created("hidden", 90).kafkaEnabled(false));
    for (Transition transition : List.of(DEPLOY, Transition.CONFIGURE, START_ACTIVITY)) {
      relay.send(
          EnvironmentEvent.builder("hidden", EventType.ENTERED, 95)
              .transition(transition)
              .runNumber(RUN + 1));
    }
    assertThat(relay.pending()).isEmpty();
    assertThat(relay.state.running()).extracting(Environment::id).containsExactly("hidden");
    assertThat(relay.state.environments().get("hidden").timeline())
        .allMatch(step -> !step.publishing() && step.entryId() == 0);

    relay.bring(RUNNING, 104);
    assertThat(relay.pending()).last().isEqualTo(list(104, listed(RUN, 104)));
    relay.apply(new PublishingStarted(JOURNAL, 0, Set.of(), 200));
    assertThat(relay.pending().get(0)).isEqualTo(list(104, listed(RUN, 104)));
  }

  @Test
  void whileThePluginIsOffEnvironmentsAreTrackedAndNotPublished() {
    relay.apply(new SettingsChanged(OFF, 50));
    relay.bring(RUNNING, 104);
    assertThat(relay.pending()).isEmpty();
    assertThat(relay.environment().state()).isEqualTo(RUNNING);
    assertThat(relay.environment().timeline()).noneMatch(TimelineEntry::publishing);
  }

  @Test
  void whenThePluginIsOnAgainTheFirstListHoldsEveryActiveRun() {
    relay.apply(new SettingsChanged(OFF, 50));
    relay.bring(RUNNING, 104);
    relay.apply(new SettingsChanged(ON, 200));
    relay.apply(new PublishingStarted(JOURNAL, relay.state.outbox().delivered(), Set.of(), 201));
    assertThat(relay.pending().get(0)).isEqualTo(list(104, listed(RUN, 104)));
  }

  @Test
  void whatWasPendingGoesOutBehindThatListSayingWhatIsTrueNow() {
    relay.bring(CONFIGURED, 104);
    relay.deliverAll();
    relay.send(entered(START_ACTIVITY, 110).runNumber(RUN));
    long entryId = relay.environment().timeline().get(3).entryId();
    relay.apply(new SettingsChanged(OFF, 120));
    relay.send(entered(STOP_ACTIVITY, 130));
    assertThat(relay.state.outbox().isPending(entryId)).isTrue();
    relay.apply(new SettingsChanged(ON, 140));
    relay.send(leaving(START_ACTIVITY, 145).runNumber(RUN + 1));
    relay.apply(new PublishingStarted(JOURNAL, relay.state.outbox().delivered(), Set.of(), 150));

    assertThat(relay.pending())
        .extracting(Message::topic)
        .containsExactly(
            "aliecs.env_list.RUNNING",
            "aliecs.before_start_activity",
            "aliecs.env_leave_state.CONFIGURED",
            "aliecs.env_state.RUNNING",
            "aliecs.env_list.RUNNING",
            "aliecs.env_leave_state.RUNNING",
            "aliecs.env_state.CONFIGURED",
            "aliecs.before_start_activity",
            "aliecs.env_leave_state.CONFIGURED");
    assertThat(relay.pending()).filteredOn(Message::isList).allMatch(m -> m.about().isEmpty());
    assertThat(relay.state.outbox().isPending(entryId)).isTrue();
    relay.deliverAll();
    assertThat(relay.state.outbox().isPending(entryId)).isFalse();
  }

  @Test
  void theListOfAStartThatNeverGotThroughIsNotSentAgain() {
    relay.send(created(100));
    for (int i = 0; i < 5; i++) {
      relay.apply(
          new PublishingStarted(JOURNAL, relay.state.outbox().delivered(), Set.of(), 200 + i));
    }
    assertThat(relay.pending())
        .containsExactly(
            list(100), message("aliecs.env_state.STANDBY", 100, idle(STANDBY, 100)), list(100));
  }

  @Test
  void aChangeAfterTheStartBuildsOnTheFirstList() {
    relay.bring(RUNNING, 104);
    relay.apply(new PublishingStarted(JOURNAL, relay.state.outbox().next() - 1, Set.of(), 200));
    assertThat(relay.told(entered(STOP_ACTIVITY, 300))).endsWith(list(300));
    assertThat(relay.pending().get(0)).isEqualTo(list(104, listed(RUN, 104)));
  }

  @Test
  void deliveredEntriesAreForgottenAndTheRestKeptInOrder() {
    relay.bring(CONFIGURED, 104);
    Outbox before = relay.state.outbox();
    relay.apply(new Delivered(before.delivered() + 1));
    Outbox after = relay.state.outbox();
    assertThat(after.after(0, 10)).isEqualTo(before.after(before.delivered() + 1, 10)).hasSize(2);
    assertThat(after.oldestPending()).isEqualTo(101);
    relay.deliverAll();
    assertThat(relay.state.outbox().size()).isZero();
    assertThat(relay.state.outbox().oldestPending()).isNull();
  }

  @Test
  void deliveredNeverGoesBackNorBeyondWhatThereIs() {
    relay.bring(CONFIGURED, 104);
    relay.deliverAll();
    Outbox all = relay.state.outbox();
    relay.apply(new Delivered(1));
    assertThat(relay.state.outbox()).isEqualTo(all);
    relay.apply(new Delivered(Long.MAX_VALUE));
    assertThat(relay.state.outbox()).isEqualTo(all);
    assertThat(relay.told(entered(START_ACTIVITY, 200).runNumber(RUN))).hasSize(4);
  }

  @Test
  void readsOfTheOutboxAreLimited() {
    relay.bring(RUNNING, 104);
    long first = relay.state.outbox().delivered() + 1;
    assertThat(relay.state.outbox().after(first, 2))
        .extracting(OutboxEntry::sequence)
        .containsExactly(first + 1, first + 2);
    assertThat(relay.state.outbox().after(Long.MAX_VALUE - 1, 2)).isEmpty();
  }

  @Test
  void theWatermarkOfThisJournalDropsWhatKafkaHas() {
    relay.bring(DEPLOYED, 104);
    long standby = relay.state.outbox().delivered() + 1;
    relay.apply(new PublishingStarted(JOURNAL, standby, Set.of(), 200));
    assertThat(relay.pending())
        .extracting(Message::topic)
        .containsExactly(
            "aliecs.env_list.RUNNING",
            "aliecs.env_leave_state.STANDBY",
            "aliecs.env_state.DEPLOYED",
            "aliecs.env_list.RUNNING");
  }

  @Test
  void theWatermarkOfAnotherJournalDropsNothingAndSequencesStartAboveIt() {
    relay.bring(STANDBY, 104);
    relay.apply(new PublishingStarted("another", 1_000, Set.of(), 200));
    assertThat(relay.state.outbox().after(0, 10))
        .extracting(OutboxEntry::sequence)
        .containsExactly(1_001L, 1_002L);
    assertThat(relay.pending()).hasSize(3);
  }

  @Test
  void aKafkaWithoutAWatermarkGetsAllThatIsPending() {
    relay.bring(STANDBY, 104);
    relay.apply(new PublishingStarted("", 0, Set.of(), 200));
    assertThat(relay.pending()).hasSize(3);
    assertThat(relay.state.epoch()).isEqualTo(2);
  }

  @Test
  void aDeliveryOfAPublisherThatWasReplacedDropsNothing() {
    relay.bring(STANDBY, 104);
    long old = relay.state.outbox().next() - 1;
    relay.apply(new PublishingStarted(JOURNAL, 0, Set.of(), 200));
    RelayState started = relay.state;
    relay.apply(new Delivered(old));
    assertThat(relay.state).isEqualTo(started);
  }

  @Test
  void entriesKeepTheirIdentityWhenTheyAreGivenANewPlace() {
    relay.bring(STANDBY, 104);
    OutboxEntry entry = relay.state.outbox().after(0, 1).get(0);
    relay.apply(new PublishingStarted(JOURNAL, 0, Set.of(), 200));
    OutboxEntry moved = relay.state.outbox().after(0, 2).get(1);
    assertThat(moved.id()).isEqualTo(entry.id());
    assertThat(moved.eventId()).isEqualTo(entry.eventId());
    assertThat(moved.timestamp()).isEqualTo(entry.timestamp());
    assertThat(moved.sequence()).isGreaterThan(entry.sequence());
  }

  @Test
  void theJournalKeepsItsFirstIdentity() {
    relay.apply(new JournalCreated("another"));
    assertThat(relay.state.journalId()).isEqualTo(JOURNAL);
  }

  @Test
  void settingsThatSayTheSameAreInForceSinceBefore() {
    relay.apply(new SettingsChanged(OFF, 500));
    relay.apply(
        new SettingsChanged(
            new PublishingSettings(false, OFF.bootstrapServers(), true, 9, 9), 600));
    assertThat(relay.state.settingsSince()).isEqualTo(500);
    assertThat(relay.state.settings().settingsIndex()).isEqualTo(9);
  }

  @Test
  void aStreamThatMovesAloneLeavesThePublisherAsItIs() {
    long before = relay.state.generation();
    PublishingSettings elsewhere =
        new PublishingSettings(true, ON.bootstrapServers(), true, 7, 1, List.of("b:2"), true);
    relay.apply(new SettingsChanged(elsewhere, 700));
    assertThat(relay.state.generation()).isEqualTo(before);
    assertThat(relay.state.settings().sourceServers()).containsExactly("b:2");
    assertThat(relay.state.settingsSince()).isEqualTo(700);
    assertThat(elsewhere.sameAs(ON)).isFalse();
  }

  @Test
  void theStepOfATimelineTellsWhichEntryItsMessagesAreIn() {
    relay.send(created(100));
    TimelineEntry step = relay.environment().timeline().get(0);
    assertThat(step.topics())
        .containsExactly("aliecs.env_state.STANDBY", "aliecs.env_list.RUNNING");
    assertThat(relay.state.outbox().after(0, 1).get(0).id()).isEqualTo(step.entryId());
    assertThat(relay.state.outbox().isPending(step.entryId())).isTrue();
    assertThat(relay.environment().id()).isEqualTo(ENV);
  }

  @Test
  void aJournalOlderThanWhatKafkaHasIsToldOf() {
    Relay relay = Relay.publishing();
    long newest = relay.state.outbox().next() - 1;
    assertThat(relay.apply(new PublishingStarted(JOURNAL, newest, Set.of(), 200)).reason())
        .isEmpty();
    assertThat(relay.apply(new PublishingStarted("another", 10_000, Set.of(), 201)).reason())
        .isEmpty();
    assertThat(relay.apply(new PublishingStarted(JOURNAL, 20_000, Set.of(), 202)).reason())
        .contains("the journal lacks changes that Kafka has");
    assertThat(relay.apply(new PublishingStarted(JOURNAL, 20_000, Set.of(), 203)).reason())
        .as("once it is made up for")
        .isEmpty();
  }

  @Test
  void theBrokersOnWhichPublishingStartedLastAreKnown() {
    assertThat(relay.state.publishedTo()).isEmpty();
    relay.apply(new PublishingStarted(JOURNAL, 0, 0, Set.of(), List.of("a:1", "b:2"), 200));
    assertThat(relay.state.publishedTo()).containsExactly("a:1", "b:2");
    relay.apply(new PublishingStarted(JOURNAL, 0, Set.of(), 201));
    assertThat(relay.state.publishedTo()).as("told by an older version").isEmpty();
  }
}
