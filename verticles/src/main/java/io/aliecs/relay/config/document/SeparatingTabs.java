package io.aliecs.relay.config.document;

/** Tabs between the parts of a line, which AliECS's parser takes and SnakeYAML does not. */
final class SeparatingTabs {

  private SeparatingTabs() {}

  /**
   * The text with blanks for the tabs that separate: anywhere between brackets outside quotes, as
   * in JSON, and behind something else in a line. Those that indent stay: they are wrong in YAML.
   */
  static String asBlanks(String text) {
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
