package io.aliecs.relay.journal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.proto.journal.SourceRecord;
import io.aliecs.relay.proto.journal.StateRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class StateRecordsTest {
  private static final SourcePartition PARTITION = new SourcePartition("aliecs.environment", 0);
  private static final SourcePartition CORE = new SourcePartition("aliecs.core", 0);

  @Property(tries = 200)
  void whateverStateThereIsComesBackFromASnapshotAsItWas(@ForAll("commands") List<Command> commands)
      throws Exception {
    RelayState state = RelayState.EMPTY;
    for (Command command : commands) {
      Command back = CommandRecords.read(CommandRecords.write(command));
      assertThat(back).isEqualTo(command);
      state = state.apply(command).state();
    }
    StateRecord record = StateRecord.parseFrom(StateRecords.write(state).toByteArray());
    assertThat(StateRecords.read(record)).isEqualTo(state);
  }

  @Test
  void aSnapshotOfANewerVersionIsRefused() {
    StateRecord newer = StateRecord.newBuilder().setVersion(EntryReader.VERSION + 1).build();
    assertThatThrownBy(() -> StateRecords.read(newer)).hasMessageContaining("expected: at most 5");
  }

  @Test
  void aSnapshotOfTheFirstVersionIsReadAndLacksOnlyWhatWasNotKnownThen() {
    RelayState state =
        StateRecords.read(
            StateRecord.newBuilder()
                .setVersion(1)
                .setJournalId("journal")
                .setEpoch(4)
                .addSource(
                    SourceRecord.newBuilder()
                        .setTopic("aliecs.environment")
                        .setNext(7)
                        .setHistory(5))
                .build());
    assertThat(state.sources()).containsEntry(PARTITION, new SourceProgress(7, 5, ""));
    assertThat(state.epoch()).isEqualTo(4);
    assertThat(state.publishedTo()).isEmpty();
    assertThat(state.endedLimit()).isEqualTo(RelayState.ENDED_LIMIT);
    assertThat(state.outbox().parked()).isEmpty();
  }

  @Test
  void aRepeatedEndIsKnownAgainAfterASnapshot() throws Exception {
    StateRecord record =
        StateRecord.parseFrom(StateRecords.write(withEnds("env1", "env2")).toByteArray());
    RelayState back = StateRecords.read(record);
    assertThat(back.ended()).isEmpty();
    assertThat(back.endedBy())
        .containsOnly(Map.entry("env1", "end of env1"), Map.entry("env2", "end of env2"));
    assertThat(back.apply(end("env1").build()).verdict()).isEqualTo(Verdict.DUPLICATE);
    assertThat(back.apply(end("env2").build()).verdict()).isEqualTo(Verdict.DUPLICATE);
  }

  @Test
  void endsThatAnOlderVersionHasKeptStayEndsOfWhichTheEventIsNotKnown() {
    StateRecord old =
        StateRecords.write(withEnds("env1", "env2")).toBuilder().clearEndedEventId().build();
    RelayState mixed = ended(StateRecords.read(old), "env3");
    assertThat(mixed.apply(end("env1").build()).verdict()).isEqualTo(Verdict.REFUSED);
    assertThat(mixed.apply(end("env1").observed(true).build()).verdict()).isEqualTo(Verdict.STALE);

    RelayState back = StateRecords.read(StateRecords.write(mixed));
    assertThat(back).isEqualTo(mixed);
    assertThat(back.endedOrder()).containsExactly("env1", "env2", "env3");
    assertThat(back.endedBy())
        .containsOnly(
            Map.entry("env1", ""), Map.entry("env2", ""), Map.entry("env3", "end of env3"));
  }

  @Test
  void olderVersionsFindAllEndsWhereTheyLookForThem() {
    RelayState state = withEnds("env2", "env1");
    assertThat(StateRecords.write(state).getEndedIdList()).containsExactly("env2", "env1");

    RelayState kept = ended(RelayState.EMPTY, "env1");
    assertThat(StateRecords.write(kept).getVersion()).isEqualTo(1);
  }

  /** A state that keeps nothing of what has ended but that it has. */
  private static RelayState withEnds(String... ids) {
    RelayState state =
        RelayState.EMPTY.apply(new Command.HistoryLimited(0, 0), Rules.FIRST).state();
    for (String id : ids) {
      state = ended(state, id);
    }
    return state;
  }

  private static RelayState ended(RelayState state, String id) {
    Command created =
        EnvironmentEvent.builder(id, EventType.CREATED, 1).eventId("start of " + id).build();
    return state.apply(created, Rules.FIRST).state().apply(end(id).build(), Rules.FIRST).state();
  }

  private static EnvironmentEvent.Builder end(String id) {
    return EnvironmentEvent.builder(id, EventType.DESTROYED, 2).eventId("end of " + id);
  }

  @Test
  void olderVersionsCanReadASnapshotThatKeepsAsMuchAsTheyDo() {
    assertThat(StateRecords.write(RelayState.EMPTY).getVersion()).isEqualTo(1);
    RelayState limited =
        RelayState.EMPTY.apply(new Command.HistoryLimited(5, 0), Rules.FIRST).state();
    assertThat(StateRecords.write(limited).getVersion()).isEqualTo(3);
  }

  @Test
  void onlyThisVersionReadsASnapshotThatKnowsRequestsToSendAgain() {
    RelayState asked =
        RelayState.EMPTY
            .apply(new Command.SettingsChanged(settings(true), 1))
            .state()
            .apply(new Command.ResendRequested("request", "", 2))
            .state();
    assertThat(StateRecords.write(asked).getVersion()).isEqualTo(5);
    assertThat(StateRecords.read(StateRecords.write(asked))).isEqualTo(asked);
  }

  @Provide
  Arbitrary<List<Command>> commands() {
    Arbitrary<Command> events =
        Combinators.combine(
                Arbitraries.of("env1", "env2", "\"<b>\n"),
                Arbitraries.of(EventType.class),
                Arbitraries.of(Transition.class).injectNull(0.1),
                Arbitraries.of(State.class).injectNull(0.3),
                Arbitraries.of(1L, 2L, 0xFFFF_FFFFL).injectNull(0.3),
                Arbitraries.of(List.of("ITS", "TPC"), List.<String>of()).injectNull(0.5),
                Arbitraries.of(true, false).injectNull(0.5),
                Arbitraries.longs().between(0, 10_000))
            .as(StateRecordsTest::event);
    Arbitrary<Command> others =
        Arbitraries.of(
            new Command.JournalCreated("journal"),
            new Command.SettingsChanged(settings(true), 5),
            new Command.SettingsChanged(settings(false), 6),
            new Command.SourceJoined(Map.of(PARTITION, 5L)),
            new Command.SourceMoved(Map.of(PARTITION, 3L)),
            new Command.SourceMoved(Map.of(PARTITION, 0L), Map.of(PARTITION, "its topic")),
            new Command.PublishingStarted("journal", 2, Set.of(), 7),
            new Command.PublishingStarted("", 40, 6, Set.of(), List.of("a:1", "b:2"), 8),
            new Command.PublishingStarted("", 40, Set.of("aliecs.env_state.STANDBY"), 8),
            new Command.Delivered(3),
            new Command.Parked(
                List.of(
                    new Command.Refusal(1, "aliecs.env_list.RUNNING", "too large", false),
                    new Command.Refusal(2, "aliecs.env_state.STANDBY", "not allowed", true),
                    new Command.Refusal(5, "aliecs.env_state.STANDBY", "not allowed", true)),
                9),
            new Command.Resent(List.of(new ParkedMessage.Key(1, "aliecs.env_state.STANDBY")), 10),
            new Command.HistoryLimited(1, 5_000),
            new Command.HistoryLimited(RelayState.ENDED_LIMIT, 0),
            new Command.CoreStarted("a core", 4_000, new SourcePosition(CORE, 2)),
            new Command.CoreStarted("another core", 6_000, null),
            new Command.ResendRequested("request 1", "", 11),
            new Command.ResendRequested("request 2", "env1", 12),
            ended("env1", EndCause.UNKNOWN_TO_CORE, 3_000),
            ended("env2", EndCause.FORGOTTEN, Long.MAX_VALUE));
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(4, events), net.jqwik.api.Tuple.of(1, others))
        .list()
        .ofMaxSize(60)
        .map(list -> withSettings(list));
  }

  private static Command ended(String id, EndCause cause, long asOf) {
    return new Command.EnvironmentEnded(id, cause, "", "anna", asOf, 5_000);
  }

  private static List<Command> withSettings(List<Command> commands) {
    List<Command> all = new ArrayList<>();
    all.add(new Command.SettingsChanged(settings(true), 1));
    all.addAll(commands);
    return all;
  }

  private static PublishingSettings settings(boolean on) {
    return new PublishingSettings(on, List.of("a:1", "[::1]:2"), true, 3, 4, List.of("c:3"), !on);
  }

  private static Command event(
      String id,
      EventType type,
      Transition transition,
      State state,
      Long run,
      List<String> detectors,
      Boolean kafkaEnabled,
      long number) {
    return EnvironmentEvent.builder(id, type, 1 + number)
        .eventId("event-" + number)
        .transition(transition)
        .state(state)
        .runNumber(run)
        .runType(run == null ? null : "PHYSICS")
        .detectors(detectors)
        .kafkaEnabled(kafkaEnabled)
        .workflow(number % 5 == 0 ? "tpc-pulser" : null)
        .workflowMeant(number % 5 == 0 ? Boolean.FALSE : null)
        .enteredAt(number % 2 == 0 ? null : number)
        .observed(true)
        .source(number % 3 == 0 ? new SourcePosition(PARTITION, number) : null)
        .build();
  }
}
