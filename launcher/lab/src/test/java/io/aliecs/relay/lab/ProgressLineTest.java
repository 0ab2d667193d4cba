package io.aliecs.relay.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressLineTest {
  @Test
  void saysCountRateAndTimeLeft() {
    assertThat(ProgressLine.of("lives", 300, 1_200, 3_000, 80))
        .isEqualTo("[#####...............]  300 of 1200 lives  100/s  9 s left");
    assertThat(ProgressLine.of("rounds", 3, 6, 360_000, 80))
        .isEqualTo("[##########..........]  3 of 6 rounds  0.5/min  6 min 00 s left");
  }

  @Test
  void promisesNothingBeforeTheFirst() {
    assertThat(ProgressLine.of("rounds", 0, 6, 5_000, 80))
        .isEqualTo("[....................]  0 of 6 rounds  5 s");
  }

  @Test
  void isShorterOnANarrowTerminal() {
    assertThat(ProgressLine.of("lives", 300, 1_200, 3_000, 40))
        .isEqualTo("300 of 1200 lives  100/s  9 s left");
    assertThat(ProgressLine.of("lives", 300, 1_200, 3_000, 20)).isEqualTo("300 of 1200 lives");
  }

  @Test
  void staysWithinItsBarWhenThereAreMoreThanWereToCome() {
    assertThat(ProgressLine.of("lives", 7, 6, 7_000, 80))
        .isEqualTo("[####################]  7 of 6 lives  1/s  0 s left");
  }
}
