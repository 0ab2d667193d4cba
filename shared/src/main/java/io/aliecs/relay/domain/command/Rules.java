package io.aliecs.relay.domain.command;

/**
 * The rules that decide what a command does to the state. Every entry of the journal names those by
 * which it is to be applied, so that hosts of different versions come to the same state, and so
 * does a host that replays what an older version has written.
 *
 * <p>A change of what a command that existed before does is a new number here and a condition on it
 * where it is applied; the behaviour before it stays as long as entries may be written by it.
 */
public final class Rules {
  /** Those of entries that do not name any. */
  public static final int FIRST = 1;

  /** Events of AliECS let the end of other environments be expected. */
  public static final int ENDS = 2;

  /** When the plugin is turned on, the missing half of runs is published. */
  public static final int LATE = 3;

  /** A parked list is made up for by a newer one only, not by an older one that still goes out. */
  public static final int NEWER_LIST = 4;

  /** The newest that this version knows. */
  public static final int CURRENT = NEWER_LIST;

  private Rules() {}
}
