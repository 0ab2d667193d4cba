package io.aliecs.relay.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.status.ClusterStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayBarrierTest {
  private final ReplayBarrier catchUp = new ReplayBarrier();

  @Test
  void isOverWithWhatWasSafeAtFirstHoweverMuchFollows() {
    assertThat(catchUp.isOver(following(5, 10))).isFalse();
    assertThat(catchUp.isOver(following(14, 30))).isFalse();
    assertThat(catchUp.isOver(following(15, 40))).isTrue();
  }

  @Test
  void isOverAtOnceOnAHostThatLacksNothing() {
    assertThat(catchUp.isOver(following(7, 0))).isTrue();
  }

  @Test
  void doesNotEndBeforeALeaderWasHeardOf() {
    assertThat(catchUp.isOver(status(false, 7, ClusterStatus.UNKNOWN))).isFalse();
    assertThat(catchUp.isOver(following(7, 2))).isFalse();
  }

  @Test
  void goesOnWhileTheLeaderIsAway() {
    catchUp.isOver(following(5, 10));

    assertThat(catchUp.isOver(status(false, 14, ClusterStatus.UNKNOWN))).isFalse();
    assertThat(catchUp.isOver(status(false, 15, ClusterStatus.UNKNOWN))).isTrue();
  }

  private static ClusterStatus following(long index, long behind) {
    return status(true, index, behind);
  }

  private static ClusterStatus status(boolean current, long index, long behind) {
    return new ClusterStatus(
        "b", "a", false, 3, current, 10, index, behind, ClusterStatus.UNKNOWN, List.of());
  }
}
