package io.aliecs.relay.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import io.aliecs.relay.ingest.stream.StreamPlan.Finding;
import io.aliecs.relay.ingest.stream.StreamPlan.Trouble;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StreamPlanTest {
  private static final SourcePartition ENVIRONMENT =
      new SourcePartition(StreamEventMapper.ENVIRONMENTS, 0);
  private static final SourcePartition RUN = new SourcePartition(StreamEventMapper.RUNS, 0);

  @Test
  void readsOnWhereTheJournalIs() {
    StreamPlan plan = plan(ENVIRONMENT, new SourceProgress(7, 5), new Extent(2, 9, ""));

    assertThat(plan.progress()).containsEntry(ENVIRONMENT, new SourceProgress(7, 5));
    assertThat(plan.moves()).isEmpty();
    assertThat(plan.findings()).isEmpty();
  }

  @Test
  void aPartitionThatIsNewIsReadFromItsBeginning() {
    StreamPlan plan = StreamPlan.of(Map.of(), Map.of(ENVIRONMENT, new Extent(3, 9, "")));

    assertThat(plan.progress()).containsEntry(ENVIRONMENT, new SourceProgress(3, 0));
    assertThat(plan.findings()).isEmpty();
  }

  @Test
  void countsWhatWasDeletedUnread() {
    StreamPlan plan = plan(ENVIRONMENT, new SourceProgress(4, 0), new Extent(6, 9, ""));

    assertThat(plan.progress()).containsEntry(ENVIRONMENT, new SourceProgress(6, 0));
    assertThat(plan.findings())
        .containsExactly(new Finding(Trouble.RECORDS_LOST, ENVIRONMENT, 4, 6));
  }

  @Test
  void passesOverTheHistoryOfRunsAlone() {
    Extent extent = new Extent(0, 9, "");

    assertThat(plan(RUN, new SourceProgress(0, 9), extent).progress())
        .containsEntry(RUN, new SourceProgress(9, 9));
    assertThat(plan(ENVIRONMENT, new SourceProgress(0, 9), extent).progress())
        .containsEntry(ENVIRONMENT, new SourceProgress(0, 9));
  }

  @ParameterizedTest
  @CsvSource({"20, 0, 0, 5", "20, 15, 0, 5", "0, 15, 0, 5", "3, 15, 0, 5", "2, 15, 3, 5"})
  void nothingIsHistoryInATopicThatHasStartedOver(
      long next, long history, long beginning, long end) {
    SourceProgress had = new SourceProgress(next, history);
    StreamPlan plan = plan(ENVIRONMENT, had, new Extent(beginning, end, ""));

    SourceProgress anew = new SourceProgress(beginning, Math.min(history, beginning));
    assertThat(plan.progress()).containsEntry(ENVIRONMENT, anew);
    assertThat(plan.findings())
        .singleElement()
        .extracting(Finding::trouble)
        .isEqualTo(Trouble.STARTED_OVER);
    RelayState state =
        RelayState.EMPTY
            .apply(new Command.SourceJoined(Map.of(ENVIRONMENT, history)))
            .state()
            .apply(new Command.SourceMoved(Map.of(ENVIRONMENT, next)))
            .state();
    for (Command.SourceMoved move : plan.moves()) {
      state = state.apply(move).state();
    }
    assertThat(state.sources()).containsEntry(ENVIRONMENT, anew);
  }

  @ParameterizedTest
  @CsvSource({"7, 5, 0", "0, 5, 0", "7, 5, 2", "2, 5, 3", "9, 0, 0"})
  void aTopicWithAnotherIdIsReadFromItsBeginningHoweverLongItIs(
      long next, long history, long beginning) {
    SourceProgress had = new SourceProgress(next, history, "first");
    StreamPlan plan = plan(ENVIRONMENT, had, new Extent(beginning, 90, "second"));

    SourceProgress anew = new SourceProgress(beginning, Math.min(history, beginning), "second");
    assertThat(plan.progress()).containsEntry(ENVIRONMENT, anew);
    assertThat(plan.findings())
        .containsExactly(new Finding(Trouble.STARTED_OVER, ENVIRONMENT, next, beginning));
    RelayState state =
        RelayState.EMPTY
            .apply(new Command.SourceJoined(Map.of(ENVIRONMENT, history)))
            .state()
            .apply(new Command.SourceMoved(Map.of(ENVIRONMENT, next), Map.of(ENVIRONMENT, "first")))
            .state();
    for (Command.SourceMoved move : plan.moves()) {
      state = state.apply(move).state();
    }
    assertThat(state.sources()).containsEntry(ENVIRONMENT, anew);
  }

  @Test
  void learnsTheIdOfATopicThatWasReadWithoutIt() {
    SourceProgress had = new SourceProgress(7, 5);
    StreamPlan plan = plan(ENVIRONMENT, had, new Extent(2, 9, "first"));

    assertThat(plan.findings()).isEmpty();
    assertThat(plan.progress()).containsEntry(ENVIRONMENT, new SourceProgress(7, 5, "first"));
    assertThat(plan.moves())
        .containsExactly(
            new Command.SourceMoved(Map.of(ENVIRONMENT, 7L), Map.of(ENVIRONMENT, "first")));
  }

  @Test
  void keepsTheIdWhereKafkaTellsNone() {
    SourceProgress had = new SourceProgress(7, 5, "first");
    StreamPlan plan = plan(ENVIRONMENT, had, new Extent(2, 9, ""));

    assertThat(plan.progress()).containsEntry(ENVIRONMENT, had);
    assertThat(plan.moves()).isEmpty();
  }

  private static StreamPlan plan(
      SourcePartition partition, SourceProgress progress, Extent extent) {
    return StreamPlan.of(Map.of(partition, progress), Map.of(partition, extent));
  }
}
