package io.aliecs.relay.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTextTest {

  @Test
  void a_terminal_that_says_so_gets_no_colours() {
    assertThat(TerminalText.isDumb(Map.of("TERM", "dumb"))).isTrue();
    assertThat(TerminalText.isDumb(Map.of("TERM", "xterm-256color"))).isFalse();
    assertThat(TerminalText.isDumb(Map.of())).isFalse();
  }
}
