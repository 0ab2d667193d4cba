package io.aliecs.relay.config.document;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** Why a document was refused, for people. */
public final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  /** Where it is when no single line is to blame. */
  static final String DOCUMENT = "the document";

  private final String sentence;

  RefusedException(String where, String found, String expected) {
    super(null, null, false, false);
    this.sentence = sentence(where, found, expected);
  }

  RefusedException(String where, Optional<Mark> mark, String found, String expected) {
    this(at(where, mark), found, expected);
  }

  /** Where, what was found and what is expected, in one sentence. */
  public String sentence() {
    return sentence;
  }

  static String sentence(String where, String found, String expected) {
    return where + ": found " + found + " (expected: " + expected + ")";
  }

  /** A place with its line and column, both from 1. */
  static String at(String where, Optional<Mark> mark) {
    return mark.map(m -> at(where, m.getLine() + 1, m.getColumn() + 1)).orElse(where);
  }

  static String at(String where, int line, int column) {
    return where + " (line " + line + ", column " + column + ")";
  }
}
