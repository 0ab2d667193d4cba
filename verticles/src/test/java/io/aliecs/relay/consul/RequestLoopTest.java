package io.aliecs.relay.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.retry.Backoff;
import java.time.Duration;
import org.junit.jupiter.api.RepeatedTest;

/** The arithmetic behind the two seconds after a recovery. */
class RequestLoopTest {

  @RepeatedTest(20)
  void anAnswerThatIsLostAndTheLongestPauseTakeLessThanTwoSeconds() {
    Backoff backoff = RequestLoop.backoff();
    for (int retry = 0; retry < 20; retry++) {
      backoff.nextMillis();
    }
    assertThat(PairReader.ANSWER.plusMillis(backoff.nextMillis()))
        .isLessThan(Duration.ofSeconds(2));
  }
}
