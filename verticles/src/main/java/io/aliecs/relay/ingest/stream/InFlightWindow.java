package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/**
 * What was read and is not in the journal yet, in order: events to send, and run events that are
 * held back until the environment events of their time have been read. Not thread safe.
 *
 * <p>Bounded by the caller: {@link #hasRoom} and {@link #hasRoomForRuns}.
 */
public final class InFlightWindow {
  /** Most events in one batch, and most records in one poll. */
  public static final int LIMIT = 512;

  /** One batch is on its way while the next gathers. */
  private static final int READY_LIMIT = 2 * LIMIT;

  private static final int RUN_LIMIT = 2_048;

  private final Deque<EnvironmentEvent> ready = new ArrayDeque<>();
  private final Deque<Held> held = new ArrayDeque<>();

  /**
   * A run event that waits.
   *
   * @param due until when, on the clock of {@link System#nanoTime}
   */
  private record Held(EnvironmentEvent event, long due) {}

  public void add(EnvironmentEvent event) {
    ready.add(event);
  }

  public void hold(EnvironmentEvent event, long due) {
    held.add(new Held(event, due));
  }

  /** Whether one more poll fits. */
  public boolean hasRoom() {
    return ready.size() < READY_LIMIT;
  }

  /** Whether one more poll of runs fits. */
  public boolean hasRoomForRuns() {
    return held.size() < RUN_LIMIT;
  }

  /** Whether nothing waits, to be sent or for environment events. */
  public boolean holdsNothing() {
    return ready.isEmpty() && held.isEmpty();
  }

  /** Whether nothing waits to be sent. */
  public boolean isEmpty() {
    return ready.isEmpty();
  }

  /**
   * How many run events, from the first on, have waited long enough.
   *
   * @param passed whether the environment events of a time, in ms since epoch, have been read
   */
  public int due(long now, LongPredicate passed) {
    int count = 0;
    for (Held next : held) {
      if (next.due() - now > 0 || !passed.test(next.event().timestamp())) {
        break;
      }
      count++;
    }
    return count;
  }

  /** Lets the first run events go, behind everything that is ready. */
  public void release(int count) {
    for (int i = 0; i < count; i++) {
      ready.add(held.remove().event());
    }
  }

  public int size() {
    return ready.size();
  }

  /** The first events that are ready; they stay until they are {@link #sent}. */
  public List<EnvironmentEvent> batch(int limit) {
    return ready.stream().limit(limit).toList();
  }

  public void sent(int count) {
    Iterator<EnvironmentEvent> events = ready.iterator();
    for (int i = 0; i < count; i++) {
      events.next();
      events.remove();
    }
  }

  /** Offset of the first record of that partition that the journal still needs, if there is one. */
  public OptionalLong firstNeeded(SourcePartition partition) {
    return Stream.concat(ready.stream(), held.stream().map(Held::event))
        .map(EnvironmentEvent::source)
        .filter(source -> source != null && source.partition().equals(partition))
        .mapToLong(SourcePosition::offset)
        .min();
  }
}
