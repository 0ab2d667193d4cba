package io.aliecs.relay.host.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void aFailureIsOneLineAndNothingInItTurnsTheWritingOrMovesTheCursor() {
    Exception failure =
        new IllegalArgumentException("http.port: \"\u202e80\u001b[2J\"\n  (expected: a number)");
    assertThat(OneLine.of(failure)).isEqualTo("http.port: \"?80?[2J\" (expected: a number)");
  }

  @Test
  void theFirstMessageThatThereIsCounts() {
    assertThat(OneLine.of(new IllegalStateException(null, new Exception("why")))).isEqualTo("why");
  }
}
