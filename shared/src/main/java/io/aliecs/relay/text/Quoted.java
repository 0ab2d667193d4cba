package io.aliecs.relay.text;

/** How values that others wrote are shown in messages: quoted, on one line, cut short. */
public final class Quoted {

  /** The longest part of a value that a message repeats, in characters. */
  public static final int LONGEST = 80;

  private Quoted() {}

  /** The text in single quotes, without control characters, cut after {@link #LONGEST}. */
  public static String of(String text) {
    StringBuilder shown = new StringBuilder("'");
    appendTo(shown, text);
    return shown.append('\'').toString();
  }

  /** The same without the quotes. */
  public static String plain(String text) {
    StringBuilder shown = new StringBuilder();
    appendTo(shown, text);
    return shown.toString();
  }

  private static void appendTo(StringBuilder shown, String text) {
    int limit = shown.length() + LONGEST;
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      String piece = piece(codePoint);
      if (shown.length() + piece.length() >= limit) {
        shown.append('…');
        return;
      }
      shown.append(piece);
      at += Character.charCount(codePoint);
    }
  }

  private static String piece(int codePoint) {
    return switch (codePoint) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      default ->
          Printable.isHarmless(codePoint)
              ? Character.toString(codePoint)
              : String.format("\\u%04x", codePoint);
    };
  }
}
