package io.aliecs.relay.config.document;

/**
 * Why a document was refused.
 *
 * @param key the key inside the document, such as {@code kafkaEndpoints[1]}, or empty when it is
 *     the document as a whole
 * @param line line of the offending text, from 1, or 0 when no single line is to blame
 * @param column column of the offending text, from 1, or 0
 * @param found what was there, ready to be shown
 * @param expected what should have been there
 */
public record SettingsViolation(String key, int line, int column, String found, String expected) {

  /** For people: where, what was found and what is expected, in one sentence. */
  public String sentence() {
    String where = key.isEmpty() ? "the document" : key;
    String position = line == 0 ? "" : " (line " + line + ", column " + column + ")";
    return where + position + ": found " + found + " (expected: " + expected + ")";
  }
}
