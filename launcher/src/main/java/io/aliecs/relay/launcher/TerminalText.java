package io.aliecs.relay.launcher;

import io.aliecs.relay.text.Printable;

/** Text from outside as it may go to a terminal. */
public final class TerminalText {
  private TerminalText() {}

  /** The same with a question mark in place of what could move the cursor or turn the writing. */
  public static String plain(String text) {
    return text.codePoints()
        .map(c -> Printable.isHarmless(c) ? c : '?')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
