package io.aliecs.relay.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import org.junit.jupiter.api.Test;

class StandStillTest {
  private static final SourcePartition ONE = new SourcePartition(StreamEventMapper.ENVIRONMENTS, 2);
  private static final long AFTER = StandStill.AFTER_NANOS;

  private final StandStill standStill = new StandStill();

  @Test
  void namesPartitionAndOffsetOfWhatDoesNotComeThoughItIsThere() {
    standStill.look(ONE, 17, 20, 0);
    standStill.look(ONE, 17, 21, AFTER - 1);
    assertThat(standStill.problem(AFTER - 1)).isEmpty();
    assertThat(standStill.problem(AFTER))
        .contains("aliecs.environment-2", "behind offset 17", "ends at 21");
  }

  @Test
  void isWellAsLongAsItMoves() {
    standStill.look(ONE, 17, 20, 0);
    standStill.look(ONE, 18, 21, AFTER);
    assertThat(standStill.problem(AFTER)).isEmpty();
  }

  @Test
  void isWellAtTheEnd() {
    standStill.look(ONE, 17, 20, 0);
    standStill.look(ONE, 20, 20, AFTER);
    assertThat(standStill.problem(2 * AFTER)).isEmpty();
  }
}
