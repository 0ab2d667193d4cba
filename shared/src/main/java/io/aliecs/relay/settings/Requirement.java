package io.aliecs.relay.settings;

/** Refuses a bad setting with one line that names it, what was found and what was expected. */
public final class Requirement {
  private Requirement() {}

  public static void that(boolean holds, String setting, Object found, String expected) {
    if (!holds) {
      throw unmet(setting, found, expected);
    }
  }

  /** The refusal, for whoever throws it. */
  public static IllegalArgumentException unmet(String setting, Object found, String expected) {
    return new IllegalArgumentException(setting + ": " + found + " (expected: " + expected + ")");
  }
}
