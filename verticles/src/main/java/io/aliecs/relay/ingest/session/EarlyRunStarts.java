package io.aliecs.relay.ingest.session;

import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.ingest.stream.InFlightWindow;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Starts of runs that go ahead of the run events that are held back, so that readers need not wait
 * for them. Lives as long as a session, on its thread.
 */
final class EarlyRunStarts {
  /**
   * A run event that is older than this was written or read late, as others were with it that may
   * still be to come: it takes its turn.
   */
  private static final long TIMELY_MS = 2_000;

  /**
   * What was written longer before it was read comes from behind an outage, or from a busy machine.
   * What was written before it to another topic can come after it then: a producer whose broker is
   * back sends a batch of each partition at once, and the next ones later.
   */
  private static final long LATE_MS = 300;

  /**
   * Starts of runs by environment, in their order, until their turn has come; never more than are
   * held. Only the first goes ahead of its turn: what AliECS wrote of it may still be to come, and
   * would follow the start of the next one.
   */
  private final Map<String, Deque<EnvironmentEvent>> starts = new HashMap<>();

  /** Ids of those of them that are announced. */
  private final Set<String> announced = new HashSet<>();

  /** Those of them that came since environments were last known to be read up to their end. */
  private final Deque<EnvironmentEvent> arrived = new ArrayDeque<>();

  /** Until when others may be as late as a record was, on the clock of {@link System#nanoTime}. */
  private long lateUntil = System.nanoTime();

  private final InFlightWindow window;

  /** Those that go ahead are put into this window. */
  EarlyRunStarts(InFlightWindow window) {
    this.window = window;
  }

  /** One record that is late may not be the only one. */
  void lookWhetherLate(ConsumerRecord<byte[], byte[]> record) {
    if (record.timestamp() < 0) {
      return; // it has none
    }
    long age = System.currentTimeMillis() - record.timestamp();
    if (age > LATE_MS) {
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(age, TIMELY_MS));
      lateUntil = until - lateUntil > 0 ? until : lateUntil;
    }
  }

  private boolean isLate() {
    return lateUntil - System.nanoTime() > 0;
  }

  /** Holds the start of a run, which waits for its turn, ready to go ahead if it is timely. */
  void add(EnvironmentEvent event) {
    if (!isTimely(event)) {
      return;
    }
    EnvironmentEvent start = atOnce(event);
    starts.computeIfAbsent(event.environmentId(), id -> new ArrayDeque<>()).add(start);
    arrived.add(start);
  }

  /**
   * The environment itself reports the start of a run: the start has its time from where it was
   * reported first.
   */
  void goBefore(EnvironmentEvent event) {
    waiting(event).stream()
        .filter(start -> Objects.equals(start.runNumber(), event.runNumber()))
        .forEach(window::add);
  }

  /**
   * How many starts of runs came before environments were read up to their end; none as long as
   * records come late.
   */
  int arrived() {
    return isLate() ? 0 : arrived.size();
  }

  /**
   * Environments have been read up to where they ended after the first {@code count} starts came:
   * those can be judged by what is known, unless it came late.
   */
  void environmentsRead(int count) {
    if (isLate()) {
      return; // they are asked about again
    }
    for (int i = 0; i < count; i++) {
      EnvironmentEvent start = arrived.remove();
      Deque<EnvironmentEvent> waiting = starts.get(start.environmentId());
      if (waiting != null && waiting.element().equals(start)) {
        window.add(start);
      }
    }
  }

  /** Its environment is in CONFIGURED: the first start that waits there may go. */
  void goAhead(String environmentId) {
    Deque<EnvironmentEvent> waiting = starts.get(environmentId);
    if (waiting == null) {
      return;
    }
    EnvironmentEvent first = waiting.element();
    if (!announced.contains(first.eventId()) && !arrived.contains(first)) {
      if (isLate()) {
        arrived.add(first);
      } else {
        window.add(first);
      }
    }
  }

  private static boolean isTimely(EnvironmentEvent event) {
    return System.currentTimeMillis() - event.timestamp() <= TIMELY_MS;
  }

  /**
   * The start of a run before the run events that are held: asked for as a legal step, so that it
   * does nothing while its environment is not known to be in CONFIGURED, and with no position, as
   * those before it are still to come. The event itself follows in its turn, and is known by then.
   */
  private static EnvironmentEvent atOnce(EnvironmentEvent event) {
    return EnvironmentEvent.builder(event.environmentId(), event.type(), event.timestamp())
        .eventId(event.eventId())
        .transition(event.transition())
        .state(event.state())
        .runNumber(event.runNumber())
        .build();
  }

  /** The journal has answered; whatever the verdict on an event in its turn, that turn has come. */
  void settle(EnvironmentEvent event, boolean accepted) {
    if (event.source() == null) {
      if (accepted && isWaiting(event)) {
        announced.add(event.eventId());
      }
      return;
    }
    Deque<EnvironmentEvent> waiting = starts.get(event.environmentId());
    if (waiting == null || !waiting.element().eventId().equals(event.eventId())) {
      return;
    }
    waiting.remove(); // its turn has come
    announced.remove(event.eventId());
    if (waiting.isEmpty()) {
      starts.remove(event.environmentId());
    } else {
      goAhead(event.environmentId());
    }
  }

  private Collection<EnvironmentEvent> waiting(EnvironmentEvent event) {
    Deque<EnvironmentEvent> waiting = starts.get(event.environmentId());
    return waiting == null ? List.of() : waiting;
  }

  private boolean isWaiting(EnvironmentEvent event) {
    return waiting(event).stream().anyMatch(start -> start.eventId().equals(event.eventId()));
  }
}
