package io.aliecs.relay.text;

/** How values that others wrote are shown in messages: quoted, on one line, cut short. */
public final class Quoted {

  /** The longest part of a value that a message repeats, in characters. */
  public static final int LONGEST = 80;

  private Quoted() {}

  /** The text in single quotes, without control characters, cut after {@link #LONGEST}. */
  public static String of(String text) {
    return "'" + plain(text) + "'";
  }

  /** The same without the quotes. */
  public static String plain(String text) {
    StringBuilder shown = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int codePoint = text.codePointAt(at);
      String piece = piece(codePoint);
      if (shown.length() + piece.length() >= LONGEST) {
        return shown.append('…').toString();
      }
      shown.append(piece);
      at += Character.charCount(codePoint);
    }
    return shown.toString();
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
