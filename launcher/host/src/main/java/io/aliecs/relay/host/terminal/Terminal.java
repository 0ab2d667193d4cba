package io.aliecs.relay.host.terminal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal that standard output goes to, if it is one. */
public final class Terminal {
  private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\s*\\d+ (\\d+)\\s*");
  private static final Path OUTPUT = Path.of("/proc/self/fd/1");
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
  public static int columns() {
    return Columns.NOW;
  }

  /** By {@code stty}. */
  private static int ask() {
    if (isNone()) {
      return 0;
    }
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

  /** Whether standard output is a file or a pipe: that is known without another process. */
  private static boolean isNone() {
    try {
      return !Files.readSymbolicLink(OUTPUT).startsWith("/dev");
    } catch (IOException | UnsupportedOperationException unknown) {
      return false;
    }
  }

  /** The columns in what {@code stty size} prints: rows and columns, or why it does not know. */
  static int columns(String size) {
    Matcher found = ROWS_AND_COLUMNS.matcher(size);
    return found.matches() && found.group(1).length() < 6 ? Integer.parseInt(found.group(1)) : 0;
  }
}
