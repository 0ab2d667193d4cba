package io.aliecs.relay.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static Backoff with(double part) {
    RandomGenerator fixed =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return 0;
          }

          @Override
          public double nextDouble() {
            return part;
          }
        };
    return new Backoff(Duration.ofMillis(250), Duration.ofMinutes(1), fixed);
  }

  @Test
  void delaysDoubleUpToTheCapAndStartOver() {
    Backoff backoff = with(0.5);
    assertThat(LongStream.generate(backoff::nextMillis).limit(10).toArray())
        .containsExactly(250, 500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000);
    backoff.reset();
    assertThat(backoff.nextMillis()).isEqualTo(250);
  }

  @Test
  void delaysAreSpreadByAQuarterAndNeverLongerThanTheLongest() {
    assertThat(with(0).nextMillis()).isEqualTo(188);
    Backoff long_ = with(0.999_999);
    assertThat(LongStream.generate(long_::nextMillis).limit(10).max().orElseThrow())
        .isEqualTo(60_000);
  }

  @Test
  void aRangeThatIsNoneIsRefused() {
    assertThatThrownBy(
            () -> new Backoff(Duration.ZERO, Duration.ofSeconds(1), RandomGenerator.getDefault()))
        .hasMessageContaining("expected: more than 0");
  }
}
