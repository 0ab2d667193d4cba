package io.aliecs.relay.ingest.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.status.CoreEnvironments;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class StreamSilenceTest {
  private Instant now = Instant.ofEpochSecond(1_000_000);
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };
  private final StreamSilence silence = new StreamSilence(Duration.ofHours(12), clock);

  private void passes(Duration time) {
    now = now.plus(time);
  }

  @Test
  void aStreamMayBeQuietWhileTheCoreHasNothingOrIsNotKnown() {
    passes(Duration.ofDays(3));
    assertThat(silence.problem("kafka:9092")).isEmpty();
  }

  @Test
  void aStreamMayBeQuietForAsLongAsARun() {
    silence.core(new CoreEnvironments(2, now.toEpochMilli()));
    passes(Duration.ofHours(11));
    assertThat(silence.problem("kafka:9092")).isEmpty();
    passes(Duration.ofHours(2));
    assertThat(silence.problem("kafka:9092")).contains("2 environments", "kafka:9092", "46800 s");
    silence.received();
    assertThat(silence.problem("kafka:9092")).isEmpty();
  }

  @Test
  void anEnvironmentOfTheCoreThatTheStreamNeverToldProvesThatNobodyWritesIt() {
    passes(Duration.ofMinutes(2));
    silence.core(new CoreEnvironments(1, now.toEpochMilli()));
    assertThat(silence.problem("kafka:9092")).contains("1 environments", "kafkaEndpoints");
  }

  @Test
  void zeroTurnsItOff() {
    StreamSilence never = new StreamSilence(Duration.ZERO, clock);
    never.core(new CoreEnvironments(1, now.toEpochMilli()));
    passes(Duration.ofDays(3));
    assertThat(never.problem("kafka:9092")).isEmpty();
  }
}
