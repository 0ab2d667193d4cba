package io.aliecs.relay.config.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** The text of a settings document: its encoding, and the tabs that AliECS's parser takes. */
final class YamlText {

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private YamlText() {}

  /** Decodes UTF-8, with or without a byte order mark. */
  static String decode(byte[] bytes) throws RefusedException {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(input, text, true);
    text.flip();
    String decoded = text.toString();
    if (result.isError()) {
      String found = String.format("the byte 0x%02x", bytes[input.position()] & 0xff);
      throw refusedAt(decoded, decoded.length(), found, "UTF-8 text");
    }
    return !decoded.isEmpty() && decoded.charAt(0) == BYTE_ORDER_MARK
        ? decoded.substring(1)
        : decoded;
  }

  /** A refusal that points at a character of the text. */
  static RefusedException refusedAt(String text, int offset, String found, String expected) {
    int line = 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    int column = offset - text.lastIndexOf('\n', offset - 1);
    return new RefusedException(new SettingsViolation("", line, column, found, expected));
  }

  /**
   * The text with blanks for the tabs that separate: anywhere between brackets outside quotes, as
   * in JSON, and behind something else in a line. Those that indent stay: they are wrong in YAML.
   */
  static String withoutSeparatingTabs(String text) {
    StringBuilder changed = new StringBuilder(text);
    int brackets = 0;
    char quote = 0;
    boolean begins = true;
    boolean indents = true;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (quote != 0) {
        if (quote == '"' && c == '\\') {
          at++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '#' && (at == 0 || Character.isWhitespace(text.charAt(at - 1)))) {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end - 1;
      } else if (c == '\t') {
        if (brackets > 0 || !indents) {
          changed.setCharAt(at, ' ');
        }
      } else if (c == '\n' || c == '\r') {
        begins = true;
        indents = true;
      } else if (c != ' ') {
        if (begins && (c == '"' || c == '\'')) {
          quote = c;
        } else if ((c == '[' || c == '{') && (begins || brackets > 0)) {
          brackets++;
        } else if ((c == ']' || c == '}') && brackets > 0) {
          brackets--;
        }
        indents = indents && (c == '-' || c == '?');
        begins = c == ':' || c == ',' || c == '[' || c == '{' || indents;
      }
    }
    return changed.toString();
  }
}
