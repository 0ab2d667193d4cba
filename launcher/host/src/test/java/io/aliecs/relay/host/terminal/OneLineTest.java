package io.aliecs.relay.host.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void a_failure_is_one_line_and_nothing_in_it_turns_the_writing_or_moves_the_cursor() {
    Exception failure =
        new IllegalArgumentException("http.port: \"\u202e80\u001b[2J\"\n  (expected: a number)");
    assertThat(OneLine.of(failure)).isEqualTo("http.port: \"?80?[2J\" (expected: a number)");
  }

  @Test
  void the_first_message_that_there_is_counts() {
    assertThat(OneLine.of(new IllegalStateException(null, new Exception("why")))).isEqualTo("why");
  }
}
