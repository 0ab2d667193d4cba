package io.aliecs.relay.host.terminal;

import org.jspecify.annotations.Nullable;

/** A failure as one line for people, with nothing in it that is unfit for a terminal. */
public final class OneLine {
  private OneLine() {}

  public static String of(Throwable failure) {
    String message = null;
    for (@Nullable Throwable t = failure; t != null && message == null; t = t.getCause()) {
      message = t.getMessage();
    }
    String line = message == null ? failure.toString() : message;
    return TerminalText.plain(line.replaceAll("\\s*\\R\\s*", " "));
  }
}
