package io.aliecs.relay.web.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which environments the last changes touched, so that a client that missed some can be sent their
 * present state. Holds names only, never states.
 *
 * <p>For one event loop. Bounded in changes and in names; the oldest go first.
 */
final class ChangeHistory {
  private static final int NAMES_PER_CHANGE = 32;

  private record Change(long index, Set<String> environmentIds) {}

  private final int limit;
  private final Deque<Change> changes = new ArrayDeque<>();
  private int names;
  private long base = Long.MAX_VALUE;
  private long newest = Long.MIN_VALUE;

  /**
   * @param limit the number of changes kept
   */
  ChangeHistory(int limit) {
    this.limit = limit;
  }

  /** Forgets everything: nothing before this index is known. */
  void restart(long index) {
    changes.clear();
    names = 0;
    base = index;
    newest = index;
  }

  /** Remembers the change that ended at this index. */
  void add(long index, Set<String> environmentIds) {
    changes.addLast(new Change(index, environmentIds));
    names += environmentIds.size();
    newest = index;
    while (changes.size() > limit || names > limit * NAMES_PER_CHANGE) {
      Change oldest = changes.removeFirst();
      names -= oldest.environmentIds().size();
      base = oldest.index();
    }
  }

  /** Whether it is known what was touched behind this index. */
  boolean reaches(long index) {
    return index >= base && index <= newest;
  }

  /** The environments touched behind this index, or null when that is not known any more. */
  @Nullable Set<String> since(long index) {
    if (!reaches(index)) {
      return null;
    }
    Set<String> touched = new HashSet<>();
    var newestFirst = changes.descendingIterator();
    while (newestFirst.hasNext()) {
      Change change = newestFirst.next();
      if (change.index() <= index) {
        break;
      }
      touched.addAll(change.environmentIds());
    }
    return touched;
  }
}
