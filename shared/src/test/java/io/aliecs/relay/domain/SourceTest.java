package io.aliecs.relay.domain;

import static io.aliecs.relay.domain.Message.list;
import static io.aliecs.relay.domain.Relay.created;
import static io.aliecs.relay.domain.Relay.entered;
import static io.aliecs.relay.domain.Relay.listed;
import static io.aliecs.relay.domain.Relay.seen;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState.Applied;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command.PublishingStarted;
import io.aliecs.relay.domain.command.Command.SourceJoined;
import io.aliecs.relay.domain.command.Command.SourceMoved;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.TimelineEntry;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Reading AliECS's stream: what was there before, what was read already, and jumps. */
class SourceTest {
  private static final SourcePartition ENVIRONMENTS = new SourcePartition("aliecs.environment", 0);
  private static final SourcePartition RUNS = new SourcePartition("aliecs.run", 0);
  private static final long RUN = 500_000;

  private final Relay relay = Relay.publishing();

  private Applied read(long offset, EnvironmentEvent.Builder event) {
    return relay.send(event.observed(true).source(new SourcePosition(ENVIRONMENTS, offset)));
  }

  private long next() {
    return relay.state.sources().get(ENVIRONMENTS).next();
  }

  @Test
  void aRecordIsAppliedOnce() {
    read(7, created(100));
    Applied again = read(7, seen(State.ERROR, 200));
    assertThat(again.verdict()).isEqualTo(Verdict.DUPLICATE);
    assertThat(read(6, seen(State.ERROR, 200)).verdict()).isEqualTo(Verdict.DUPLICATE);
    assertThat(relay.environment().state()).isEqualTo(State.STANDBY);
    assertThat(next()).isEqualTo(8);
  }

  @Test
  void recordsWithoutEffectCountAsRead() {
    read(3, created(100));
    read(4, seen(State.STANDBY, 101));
    read(5, seen(State.RUNNING, 102));
    assertThat(next()).isEqualTo(6);
    read(9, EnvironmentEvent.builder("other", EventType.DESTROYED, 103));
    assertThat(next()).isEqualTo(10);
  }

  @Test
  void historyIsAppliedAndNotPublished() {
    relay.apply(new SourceJoined(Map.of(ENVIRONMENTS, 5L, RUNS, 0L)));
    assertThat(relay.state.isHistoryApplied()).isFalse();
    read(1, created(100));
    read(2, entered(Transition.DEPLOY, 101));
    read(3, entered(Transition.CONFIGURE, 102));
    read(4, entered(Transition.START_ACTIVITY, 103).runNumber(RUN));
    assertThat(relay.state.isHistoryApplied()).isTrue();
    assertThat(relay.pending()).isEmpty();
    assertThat(relay.environment().timeline()).hasSize(4).noneMatch(TimelineEntry::publishing);

    relay.apply(new PublishingStarted("", 0, Set.of(), 200));
    assertThat(relay.pending()).containsExactly(list(103, listed(RUN, 103)));
    read(5, entered(Transition.STOP_ACTIVITY, 300));
    assertThat(relay.pending())
        .extracting(Message::topic)
        .containsExactly(
            "aliecs.env_list.RUNNING",
            "aliecs.env_leave_state.RUNNING",
            "aliecs.env_state.CONFIGURED",
            "aliecs.env_list.RUNNING");
    assertThat(relay.pending()).last().isEqualTo(list(300));
  }

  @Test
  void nothingIsKnownOfTheRunsBeforeTheStreamIsJoined() {
    assertThat(relay.state.isHistoryApplied()).isFalse();
    relay.apply(new SourceJoined(Map.of(ENVIRONMENTS, 0L)));
    assertThat(relay.state.isHistoryApplied()).isTrue();
  }

  @Test
  void joiningAgainDoesNotTurnWhatIsNewIntoHistory() {
    relay.apply(new SourceJoined(Map.of(ENVIRONMENTS, 5L)));
    read(6, created(100));
    relay.apply(new SourceJoined(Map.of(ENVIRONMENTS, 50L, RUNS, 9L)));
    assertThat(relay.state.sources().get(ENVIRONMENTS)).isEqualTo(new SourceProgress(7, 5));
    assertThat(relay.state.sources().get(RUNS)).isEqualTo(new SourceProgress(0, 9));
  }

  @Test
  void skippingRecordsToTheEndOfHistoryCompletesIt() {
    relay.apply(new SourceJoined(Map.of(ENVIRONMENTS, 5L)));
    relay.apply(new SourceMoved(Map.of(ENVIRONMENTS, 5L)));
    assertThat(relay.state.isHistoryApplied()).isTrue();
    assertThat(read(4, created(100)).verdict()).isEqualTo(Verdict.DUPLICATE);
  }

  @Test
  void aTopicThatWasMadeAnewIsReadFromItsStartAndPublished() {
    relay.apply(new SourceJoined(Map.of(ENVIRONMENTS, 5L)));
    read(8, created("old", 100));
    relay.deliverAll();
    relay.apply(new SourceMoved(Map.of(ENVIRONMENTS, 0L)));
    assertThat(relay.state.isHistoryApplied()).isTrue();
    assertThat(read(0, created(200)).verdict()).isEqualTo(Verdict.APPLIED);
    assertThat(relay.pending()).hasSize(2);
  }

  @Test
  void theIdOfItsTopicIsKeptBesideThePosition() {
    relay.apply(new SourceJoined(Map.of(ENVIRONMENTS, 0L, RUNS, 0L)));
    relay.apply(new SourceMoved(Map.of(ENVIRONMENTS, 0L), Map.of(ENVIRONMENTS, "first")));
    read(3, created(100));
    relay.apply(new SourceMoved(Map.of(ENVIRONMENTS, 6L, RUNS, 2L)));
    assertThat(relay.state.sources())
        .containsEntry(ENVIRONMENTS, new SourceProgress(6, 0, "first"))
        .containsEntry(RUNS, new SourceProgress(2, 0, ""));

    relay.apply(new SourceMoved(Map.of(ENVIRONMENTS, 0L), Map.of(ENVIRONMENTS, "second")));
    assertThat(relay.state.sources())
        .containsEntry(ENVIRONMENTS, new SourceProgress(0, 0, "second"));
  }

  @Test
  void partitionsAreReadIndependently() {
    read(7, created(100));
    Applied applied =
        relay.send(Relay.runSeen(State.RUNNING, RUN, 200).source(new SourcePosition(RUNS, 0)));
    assertThat(applied.verdict()).isEqualTo(Verdict.ADOPTED);
    assertThat(relay.environment().timeline())
        .last()
        .returns(new SourcePosition(RUNS, 0), TimelineEntry::source);
  }
}
