package io.aliecs.relay.host.settings;

import java.util.Locale;

/**
 * One setting of the relay's own settings file.
 *
 * @param name with dots, as in the file
 * @param fallback value when nothing sets it, as text
 * @param kind what values are allowed
 * @param meaning for people
 */
public record Setting(String name, String fallback, Kind kind, String meaning) {
  /** What the environment variables of all settings begin with. */
  static final String VARIABLE_PREFIX = "RELAY_";

  /** What values a setting takes. */
  public enum Kind {
    TEXT("a text"),
    PATH("a path"),
    NUMBER("a whole number"),
    DURATION("milliseconds, a whole number"),
    SWITCH("true or false");

    private final String expected;

    Kind(String expected) {
      this.expected = expected;
    }

    /** The allowed values, for people. */
    public String expected() {
      return expected;
    }
  }

  /** The environment variable that sets it: {@code http.port} is {@code RELAY_HTTP_PORT}. */
  public String variable() {
    return VARIABLE_PREFIX + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }
}
