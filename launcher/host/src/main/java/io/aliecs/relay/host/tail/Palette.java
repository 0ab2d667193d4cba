package io.aliecs.relay.host.tail;

/**
 * Colours for a terminal.
 *
 * @param on whether the output shows colours; plain text otherwise
 */
record Palette(boolean on) {
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String FAINT = "2";

  String faint(String text) {
    return paint(FAINT, text);
  }

  String bad(String text) {
    return paint(RED, text);
  }

  String state(String state, String text) {
    return switch (state) {
      case "RUNNING" -> paint(GREEN, text);
      case "ERROR" -> paint(RED, text);
      case "CONFIGURED" -> paint(YELLOW, text);
      case "UNKNOWN", "DONE" -> paint(FAINT, text);
      default -> text;
    };
  }

  private String paint(String code, String text) {
    return on ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
