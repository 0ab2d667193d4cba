package io.aliecs.relay.ingest.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EnvironmentTimesTest {
  private static final SourcePartition ONE = new SourcePartition("aliecs.environment", 0);
  private static final SourcePartition TWO = new SourcePartition("aliecs.environment", 1);
  private static final Duration GRACE = Duration.ofMillis(1_000);
  private static final long SECOND = 1_000_000_000L;

  @Test
  void theGraceIsInAliEcsTime() {
    EnvironmentTimes times = new EnvironmentTimes(GRACE, Set.of(ONE), 0);
    times.read(ONE, 50_999, 1);
    assertThat(times.passed(50_000, 2)).isFalse();
    times.read(ONE, 51_000, 3);
    assertThat(times.passed(50_000, 4)).isTrue();
  }

  @Test
  void aBacklogThatIsStillComingInHoldsRunsBackHoweverOldTheyAre() {
    EnvironmentTimes times = new EnvironmentTimes(GRACE, Set.of(ONE), 0);
    for (int second = 0; second < 60; second++) {
      times.read(ONE, 40_000 + second, second * SECOND);
    }
    assertThat(times.passed(50_000, 60 * SECOND)).isFalse();
  }

  @Test
  void whereNothingNewComesTheOtherTopicIsNotWaitedForAnyLonger() {
    EnvironmentTimes times = new EnvironmentTimes(GRACE, Set.of(ONE), 0);
    assertThat(times.passed(50_000, 10 * SECOND - 1)).isFalse();
    assertThat(times.passed(50_000, 10 * SECOND)).isTrue();
    times.read(ONE, 0, 10 * SECOND);
    assertThat(times.passed(50_000, 10 * SECOND + 1)).isFalse();
  }

  @Test
  void allPartitionsCount() {
    EnvironmentTimes times = new EnvironmentTimes(GRACE, Set.of(ONE, TWO), 0);
    times.read(ONE, 60_000, 1);
    assertThat(times.passed(50_000, 2)).isFalse();
    times.read(TWO, 60_000, 3);
    assertThat(times.passed(50_000, 4)).isTrue();
  }

  @Test
  void aTimeThatGoesBackDoesNotTakeBackWhatWasTold() {
    EnvironmentTimes times = new EnvironmentTimes(GRACE, Set.of(ONE), 0);
    times.read(ONE, 60_000, 1);
    times.read(ONE, 1, 2);
    assertThat(times.passed(50_000, 3)).isTrue();
  }
}
