package io.aliecs.relay.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayFilterTest {
  private static final SourcePartition ENVIRONMENT =
      new SourcePartition(StreamEventMapper.ENVIRONMENTS, 0);
  private static final SourcePartition ANOTHER =
      new SourcePartition(StreamEventMapper.ENVIRONMENTS, 1);
  private static final RelayState KNOWN =
      RelayState.EMPTY
          .apply(EnvironmentEvent.builder("2env", EventType.CREATED, 1_000).eventId("one").build())
          .state();

  /** The first was made anew and has 50 records, the second goes on. */
  private static ReplayFilter reread() {
    Map<SourcePartition, Extent> extents =
        Map.of(ENVIRONMENT, new Extent(0, 50, "new"), ANOTHER, new Extent(0, 50, "old"));
    StreamPlan plan =
        StreamPlan.of(
            Map.of(
                ENVIRONMENT, new SourceProgress(90, 0, "old"),
                ANOTHER, new SourceProgress(40, 0, "old")),
            extents);
    return ReplayFilter.of(plan, extents, KNOWN.environments().values());
  }

  @Test
  void whatWasThereAndIsOlderThanWhatIsKnownIsKnownBetter() {
    assertThat(reread().isKnownBetter(event("2env", 999, ENVIRONMENT, 49))).isTrue();
  }

  @Test
  void whatIsNotOlderIsNews() {
    assertThat(reread().isKnownBetter(event("2env", 1_000, ENVIRONMENT, 49))).isFalse();
  }

  @Test
  void whatCameAfterwardsIsNewsWhateverItsClockSays() {
    assertThat(reread().isKnownBetter(event("2env", 999, ENVIRONMENT, 50))).isFalse();
  }

  @Test
  void ofAnUnknownEnvironmentNothingIsKnownBetter() {
    assertThat(reread().isKnownBetter(event("2other", 1, ENVIRONMENT, 0))).isFalse();
  }

  @Test
  void aTopicThatGoesOnIsNotReadAnew() {
    assertThat(reread().isKnownBetter(event("2env", 999, ANOTHER, 45))).isFalse();
  }

  private static EnvironmentEvent event(
      String environmentId, long timestamp, SourcePartition partition, long offset) {
    return EnvironmentEvent.builder(environmentId, EventType.OBSERVED, timestamp)
        .eventId("of " + offset)
        .source(new SourcePosition(partition, offset))
        .build();
  }
}
