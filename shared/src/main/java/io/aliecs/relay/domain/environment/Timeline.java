package io.aliecs.relay.domain.environment;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.RandomAccess;

/**
 * The last steps of an environment, oldest first. Immutable.
 *
 * <p>One array and not a tree: whether an event is known is asked with each event, and of thousands
 * of environments none is in the processor's cache. Hashes of the event ids stand side by side for
 * that.
 */
public final class Timeline extends AbstractList<TimelineEntry> implements RandomAccess {
  /** The number of steps kept, and with them of event ids that are known again. */
  public static final int LIMIT = 64;

  public static final Timeline EMPTY = new Timeline(new TimelineEntry[0], new int[0]);

  private final TimelineEntry[] steps;
  private final int[] hashes;

  private Timeline(TimelineEntry[] steps, int[] hashes) {
    this.steps = steps;
    this.hashes = hashes;
  }

  /** The last of these steps. */
  public static Timeline of(Collection<TimelineEntry> steps) {
    TimelineEntry[] last =
        steps.stream().skip(Math.max(0, steps.size() - LIMIT)).toArray(TimelineEntry[]::new);
    return new Timeline(
        last, Arrays.stream(last).mapToInt(step -> step.eventId().hashCode()).toArray());
  }

  /** The same with one more step; the oldest goes where there are too many. */
  Timeline plus(TimelineEntry step) {
    int from = steps.length < LIMIT ? 0 : steps.length - LIMIT + 1;
    int kept = steps.length - from;
    TimelineEntry[] newSteps = Arrays.copyOfRange(steps, from, steps.length + 1);
    int[] newHashes = Arrays.copyOfRange(hashes, from, hashes.length + 1);
    newSteps[kept] = step;
    newHashes[kept] = step.eventId().hashCode();
    return new Timeline(newSteps, newHashes);
  }

  boolean knows(String eventId) {
    int hash = eventId.hashCode();
    for (int i = hashes.length - 1; i >= 0; i--) {
      if (hashes[i] == hash && steps[i].eventId().equals(eventId)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public TimelineEntry get(int index) {
    return steps[index];
  }

  @Override
  public int size() {
    return steps.length;
  }
}
