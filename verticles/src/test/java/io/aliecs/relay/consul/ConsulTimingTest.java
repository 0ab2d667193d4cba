package io.aliecs.relay.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.retry.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;

/** The arithmetic behind the two seconds after a recovery. */
class ConsulTimingTest {
  private final ConsulTiming timing = ConsulTiming.standard();

  @RepeatedTest(20)
  void anAnswerThatIsLostAndTheLongestPauseTakeLessThanTwoSeconds() {
    Backoff backoff = timing.backoff();
    for (int retry = 0; retry < 20; retry++) {
      backoff.nextMillis();
    }
    assertThat(timing.answer().plusMillis(backoff.nextMillis())).isLessThan(Duration.ofSeconds(2));
    assertThat(timing.jittered(timing.look())).isBetween(750L, 1250L);
  }
}
