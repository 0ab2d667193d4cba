package io.aliecs.relay.host.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal that standard output goes to, if it is one. */
public final class Terminal {
  private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\s*\\d+ (\\d+)\\s*");
  private static final long ANSWER_S = 2;

  /** Found out once, by the first that asks. */
  private static final class Columns {
    static final int NOW = ask();
  }

  private Terminal() {}

  /** The text in lines that fit; as it is where standard output is no terminal. */
  public static String fitted(String text) {
    return Folded.of(text, Columns.NOW);
  }

  /** Whether it is one on which what is written can be written over. */
  public static boolean isInteractive() {
    return columns() > 0 && !TerminalText.isDumb(System.getenv());
  }

  /** How many columns it has; 0 where nobody knows, or it is no terminal. */
  static int columns() {
    return Columns.NOW;
  }

  /** By {@code stty}. */
  private static int ask() {
    try {
      // What stty asks is its standard input: here that is our output. It answers on the other one.
      Process stty =
          new ProcessBuilder("sh", "-c", "stty size <&1 >&2")
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!stty.waitFor(ANSWER_S, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return 0;
      }
      return columns(new String(stty.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII));
    } catch (IOException e) {
      return 0; // no shell
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  /** The columns in what {@code stty size} says: rows and columns, or why it does not know. */
  static int columns(String size) {
    Matcher found = ROWS_AND_COLUMNS.matcher(size);
    return found.matches() && found.group(1).length() < 6 ? Integer.parseInt(found.group(1)) : 0;
  }
}
