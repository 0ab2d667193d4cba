package io.aliecs.relay.ingest;

import java.util.HexFormat;

/** Makes what a stranger sent fit to be logged: one line, bounded, no control characters. */
final class Printable {
  private static final int MAX_TEXT = 300;
  private static final int MAX_BYTES = 32;

  private Printable() {}

  static String text(String text) {
    String shown = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
    StringBuilder line = new StringBuilder(shown.length());
    shown
        .codePoints()
        .map(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c)
        .forEach(line::appendCodePoint);
    return line.toString();
  }

  /** The first bytes in hexadecimal. */
  static String hex(byte[] bytes) {
    String shown = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, MAX_BYTES));
    return bytes.length > MAX_BYTES ? shown + "…" : shown;
  }
}
