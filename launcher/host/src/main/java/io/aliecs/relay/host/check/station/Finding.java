package io.aliecs.relay.host.check.station;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * One thing that was looked at.
 *
 * @param id the same for the same kind of thing, for example {@code kafka.login}
 * @param level how it is
 * @param text what was looked at; all there is to say where nothing is wrong
 * @param found what is there in place of what should be; may be empty
 * @param expected what should be; may be empty
 * @param action what to change, one sentence; may be empty
 */
public record Finding(
    String id, Level level, String text, String found, String expected, String action) {
  private static final String EXPECTED = " (expected: ";

  /** How something is. */
  public enum Level {
    /** As it should be. */
    OK,
    /** It works, or it is not certain that it does not; probably not what somebody meant. */
    WARNING,
    /** It does not work. */
    FAILED,
    /** Not looked at; the text says why. */
    SKIPPED;

    /** As people and programs read it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String id, String text) {
    return new Finding(id, Level.OK, text, "", "", "");
  }

  /** Not looked at, as the text says. */
  public static Finding skipped(String id, String text) {
    return new Finding(id, Level.SKIPPED, text, "", "", "");
  }

  static Finding warning(String id, String text, String found, String expected, String action) {
    return new Finding(id, Level.WARNING, text, found, expected, action);
  }

  /** It does not work. */
  public static Finding failed(
      String id, String text, String found, String expected, String action) {
    return new Finding(id, Level.FAILED, text, found, expected, action);
  }

  /** It does not work, as another part of the relay reports it: {@code found (expected: …)}. */
  static Finding failed(String id, String text, String message, String action) {
    return of(id, Level.FAILED, text, message, action);
  }

  /** Likewise, where it works. */
  static Finding warning(String id, String text, String message, String action) {
    return of(id, Level.WARNING, text, message, action);
  }

  /** What comes behind what is expected is about a relay that runs, and left out. */
  private static Finding of(String id, Level level, String text, String message, String action) {
    int at = message.indexOf(EXPECTED);
    if (at < 0) {
      return new Finding(id, level, text, message, "", action);
    }
    int end = at + EXPECTED.length();
    for (int open = 1; end < message.length(); end++) {
      char c = message.charAt(end);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (open == 0) {
        break;
      }
    }
    String expected = message.substring(at + EXPECTED.length(), end);
    return new Finding(id, level, text, message.substring(0, at), expected, action);
  }

  /** Whether what comes behind it can be looked at. */
  public boolean isGood() {
    return level == Level.OK || level == Level.WARNING;
  }

  /** All of it in one sentence. */
  public String sentence() {
    return text
        + (found.isEmpty() ? "" : ": " + found)
        + (expected.isEmpty() ? "" : EXPECTED + expected + ")")
        + (action.isEmpty() ? "" : "; to do: " + action);
  }

  /** All of it, for programs. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("id", id)
        .put("level", level.label())
        .put("text", text)
        .put("found", found)
        .put("expected", expected)
        .put("action", action);
  }
}
