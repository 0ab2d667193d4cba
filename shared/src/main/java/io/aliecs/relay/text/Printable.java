package io.aliecs.relay.text;

import java.util.HexFormat;

/**
 * Makes what a stranger sent fit to be printed: one line, bounded, nothing that moves the cursor,
 * turns the writing or looks like a line of our own.
 */
public final class Printable {
  private static final int MAX_TEXT = 300;
  private static final int MAX_BYTES = 32;

  private Printable() {}

  /** The same text, cut after 300 characters, with a question mark for each that is unfit. */
  public static String text(String text) {
    return text(text, MAX_TEXT);
  }

  /** The same, cut after so many characters. */
  public static String text(String text, int most) {
    String shown = text.length() > most ? text.substring(0, most) + "…" : text;
    StringBuilder line = new StringBuilder(shown.length());
    shown.codePoints().map(c -> isHarmless(c) ? c : '?').forEach(line::appendCodePoint);
    return line.toString();
  }

  /** Whether a character may be printed. */
  public static boolean isHarmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  /** The first 32 bytes in hexadecimal. */
  public static String hex(byte[] bytes) {
    String shown = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, MAX_BYTES));
    return bytes.length > MAX_BYTES ? shown + "…" : shown;
  }
}
