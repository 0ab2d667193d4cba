package io.aliecs.relay.host.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DurationTextTest {
  @Test
  void durationsGoFromSecondsToDays() {
    assertThat(DurationText.of(-5)).isEqualTo("0 s");
    assertThat(DurationText.of(59_999)).isEqualTo("59 s");
    assertThat(DurationText.of(61_000)).isEqualTo("1 min 01 s");
    assertThat(DurationText.of(36_000_000)).isEqualTo("10 h 00 min");
    assertThat(DurationText.of(47 * 3_600_000L)).isEqualTo("47 h 00 min");
    assertThat(DurationText.of(49 * 3_600_000L)).isEqualTo("2 d 01 h");
    assertThat(DurationText.of(168 * 3_600_000L)).isEqualTo("7 d");
  }
}
