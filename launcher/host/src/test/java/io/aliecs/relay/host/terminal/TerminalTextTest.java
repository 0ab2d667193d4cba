package io.aliecs.relay.host.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTextTest {

  @Test
  void aTerminalThatSaysSoGetsNoColours() {
    assertThat(TerminalText.isDumb(Map.of("TERM", "dumb"))).isTrue();
    assertThat(TerminalText.isDumb(Map.of("TERM", "xterm-256color"))).isFalse();
    assertThat(TerminalText.isDumb(Map.of())).isFalse();
  }

  @Test
  void noColourIsForWhoeverAsksForNone() {
    assertThat(TerminalText.mayBeColoured(Map.of("NO_COLOR", "1"))).isFalse();
    assertThat(TerminalText.mayBeColoured(Map.of("NO_COLOR", ""))).isTrue();
    assertThat(TerminalText.mayBeColoured(Map.of("TERM", "dumb"))).isFalse();
    assertThat(TerminalText.mayBeColoured(Map.of("TERM", "xterm"))).isTrue();
  }
}
