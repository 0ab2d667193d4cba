package io.aliecs.relay.host.terminal;

import io.aliecs.relay.text.Printable;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** What may go to the terminal: its colours, and text from outside. */
public final class TerminalText {
  private TerminalText() {}

  /** Whether standard output is a terminal that is to show colours. */
  public static boolean isColoured() {
    return mayBeColoured(System.getenv()) && Ansi.AUTO.enabled();
  }

  /** Whether colours are not turned off: by {@code NO_COLOR}, or a terminal that has none. */
  public static boolean mayBeColoured(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty() && !isDumb(environment);
  }

  /**
   * Whether the terminal knows neither colours nor cursors, by its own word: {@code TERM=dumb}, as
   * in Emacs.
   */
  static boolean isDumb(Map<String, String> environment) {
    return "dumb".equals(environment.get("TERM"));
  }

  /** The same with a question mark in place of what could move the cursor or turn the writing. */
  public static String plain(String text) {
    return Printable.text(text, text.length());
  }
}
