package io.aliecs.relay.domain.command;

/** What the fields of commands may hold; lengths are in characters. */
final class Limits {
  static final int EVENT_ID = 512;

  static final int PERSON = 256;

  static final int REASON = 512;

  private Limits() {}

  static void checkLength(String field, String value, int least, int most) {
    if (value.length() < least || value.length() > most) {
      String shown = value.length() > 40 ? value.substring(0, 40) + "…" : value;
      throw invalid(
          field,
          "\"" + shown + "\" of " + value.length() + " characters",
          least + " to " + most + " characters");
    }
  }

  static void checkTimestamp(String field, long value) {
    if (value <= 0) {
      throw invalid(field, Long.toString(value), "ms since epoch, above 0");
    }
  }

  static IllegalArgumentException invalid(String field, String found, String expected) {
    return new IllegalArgumentException(field + ": " + found + " (expected: " + expected + ")");
  }
}
