package io.aliecs.relay.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.kafka.ExplainedException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class UnreadableBatchesTest {
  private static final SourcePartition ONE = new SourcePartition(StreamEventMapper.ENVIRONMENTS, 1);
  private static final SourcePartition TEN =
      new SourcePartition(StreamEventMapper.ENVIRONMENTS, 10);
  private static final KafkaException CORRUPT =
      new KafkaException(
          "Received exception when fetching the next record from aliecs.environment-1. If needed,"
              + " please seek past the record to continue consumption.",
          new KafkaException("Record is corrupt (stored crc = 1, computed crc = 2)"));

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private long now;
  private final UnreadableBatches batches =
      new UnreadableBatches(new IngestMetrics(meters), () -> now);

  @Test
  void knowsThePartitionThatAFailureIsAbout() {
    assertThat(UnreadableBatches.partition(CORRUPT, Set.of(TEN, ONE))).isEqualTo(ONE);
    assertThat(UnreadableBatches.partition(new KafkaException("away"), Set.of(ONE))).isNull();
    assertThat(
            UnreadableBatches.partition(
                new KafkaException("Record batch for partition aliecs.environment-10 at offset 5"),
                Set.of(ONE, TEN)))
        .isEqualTo(TEN);
  }

  @Test
  void triesAFewTimesBeforeItPassesOver() {
    SourcePosition at = new SourcePosition(ONE, 17);
    for (int i = 1; i < UnreadableBatches.TRIES; i++) {
      assertThatThrownBy(() -> batches.isPassed(at, CORRUPT))
          .isInstanceOf(ExplainedException.class)
          .hasMessageContaining("aliecs.environment-1 offset 17 cannot be read: Record is corrupt");
    }
    assertThat(batches.isPassed(at, CORRUPT)).isTrue();
    assertThat(batches.isPassed(new SourcePosition(ONE, 18), CORRUPT)).isTrue();
    assertThat(batches.problem()).contains("aliecs.environment-1: offsets 17 to 18", "corrupt");
    assertThat(meters.counter("relay.ingest.unreadable", "topic", ONE.topic()).count())
        .isEqualTo(2);
    now = TimeUnit.HOURS.toNanos(1);
    assertThat(batches.problem()).isEmpty();
  }

  @Test
  void passesOverInEachPartitionWhateverFailsInOthersMeanwhile() {
    SourcePosition here = new SourcePosition(ONE, 17);
    SourcePosition there = new SourcePosition(TEN, 3);
    for (int i = 1; i < UnreadableBatches.TRIES; i++) {
      assertThatThrownBy(() -> batches.isPassed(here, CORRUPT)).hasMessageContaining("offset 17");
      assertThatThrownBy(() -> batches.isPassed(there, CORRUPT)).hasMessageContaining("offset 3");
    }
    assertThat(batches.isPassed(here, CORRUPT)).isTrue();
    assertThat(batches.isPassed(there, CORRUPT)).isTrue();
    assertThat(batches.problem())
        .contains(
            "aliecs.environment-1: offsets 17 to 17", "aliecs.environment-10: offsets 3 to 3");
  }

  @Test
  void passesOverAtOnceAndCountsOnceWhatIsReadAgain() {
    SourcePosition at = new SourcePosition(ONE, 17);
    for (int i = 1; i < UnreadableBatches.TRIES; i++) {
      assertThatThrownBy(() -> batches.isPassed(at, CORRUPT));
    }
    batches.isPassed(at, CORRUPT);
    batches.isPassed(new SourcePosition(ONE, 18), CORRUPT);

    assertThat(batches.isPassed(at, CORRUPT)).isTrue();
    assertThat(batches.problem()).contains("offsets 17 to 18");
    assertThat(meters.counter("relay.ingest.unreadable", "topic", ONE.topic()).count())
        .isEqualTo(2);
  }

  @Test
  void neverPassesOverWhatOnlyThisHostCannotUnpack() {
    KafkaException failed =
        new KafkaException(
            CORRUPT.getMessage(),
            new KafkaException(
                new UnsatisfiedLinkError("/tmp/libzstd-jni.so: failed to map segment")));
    SourcePosition at = new SourcePosition(ONE, 17);
    for (int i = 0; i < 3 * UnreadableBatches.TRIES; i++) {
      assertThatThrownBy(() -> batches.isPassed(at, failed))
          .hasMessageContainingAll("offset 17", "zstd", "noexec", "failed to map segment");
    }
    assertThat(batches.problem()).isEmpty();
  }
}
