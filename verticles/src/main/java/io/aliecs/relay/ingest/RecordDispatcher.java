package io.aliecs.relay.ingest;

import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.ingest.mapping.MappingResult;
import io.aliecs.relay.ingest.mapping.SkipReason;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.mapping.Workflows;
import io.aliecs.relay.ingest.stream.InFlightWindow;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.ReplayFilter;
import io.aliecs.relay.retry.Backoff;
import io.aliecs.relay.retry.RateLimitedLog;
import io.aliecs.relay.text.Printable;
import java.time.Duration;
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
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Sorts records into the window of a session, and tells people and metrics of those that are not
 * followed. Nothing that is in a record stops the stream. Lives on the thread of {@link
 * StreamReader}.
 */
final class RecordDispatcher {
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

  private final InFlightWindow window = new InFlightWindow();
  private final IngestMetrics metrics;
  private final RateLimitedLog log;
  private final ReaderStatus status;
  private final Duration runGrace;
  private final Workflows workflows;
  private final Backoff journalBackoff;
  private final StreamHealth health;
  private final Runnable reconcile;
  private final EnvironmentTimes times;
  private final ReplayFilter reread;

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

  private final Deque<Command.CoreStarted> coreStarts = new ArrayDeque<>();

  /**
   * An intake of one session.
   *
   * @param journalBackoff starts anew with each answer
   * @param health why reading all there is does not make it healthy
   * @param reconcile has AliECS's core asked what is really there
   * @param workflows those that are published
   * @param partitions of all topics
   * @param reread what may have been read before
   */
  RecordDispatcher(
      IngestMetrics metrics,
      RateLimitedLog log,
      ReaderStatus status,
      Duration runGrace,
      Workflows workflows,
      Backoff journalBackoff,
      StreamHealth health,
      Runnable reconcile,
      Set<SourcePartition> partitions,
      ReplayFilter reread) {
    this.reread = reread;
    this.metrics = metrics;
    this.log = log;
    this.status = status;
    this.runGrace = runGrace;
    this.workflows = workflows;
    this.journalBackoff = journalBackoff;
    this.health = health;
    this.reconcile = reconcile;
    Set<SourcePartition> environments =
        partitions.stream()
            .filter(partition -> partition.topic().equals(StreamEventMapper.ENVIRONMENTS))
            .collect(Collectors.toSet());
    this.times = new EnvironmentTimes(runGrace, environments, System.nanoTime());
  }

  InFlightWindow window() {
    return window;
  }

  /** How many of the run events that are held back, from the first on, need not wait longer. */
  int dueRuns() {
    long now = System.nanoTime();
    return window.due(now, timestamp -> times.passed(timestamp, now));
  }

  void take(ConsumerRecord<byte[], byte[]> record) {
    metrics.record(record.topic());
    health.heard();
    lookWhetherLate(record);
    SourcePosition source =
        new SourcePosition(
            new SourcePartition(record.topic(), record.partition()), record.offset());
    MappingResult mapped =
        StreamEventMapper.map(source, record.timestamp(), record.value(), workflows);
    if (record.topic().equals(StreamEventMapper.ENVIRONMENTS)) {
      long told = mapped instanceof MappingResult.Event event ? event.event().timestamp() : 0;
      times.read(source.partition(), told, System.nanoTime());
    }
    if (mapped instanceof MappingResult.Event event && reread.isKnownBetter(event.event())) {
      mapped = new MappingResult.Skipped(SkipReason.KNOWN_BETTER);
    }
    if (mapped instanceof MappingResult.Event told) {
      for (MappingResult.Flaw flaw : told.flaws()) {
        metrics.flaw(flaw.field());
        log.warn(
            told.event().environmentId(),
            told.event().runNumber(),
            () -> place(source) + ": left out: " + flaw.reason());
      }
      keep(told.event(), record);
    } else if (mapped instanceof MappingResult.CoreStart start) {
      coreStarts.add(start.command());
    } else if (mapped instanceof MappingResult.Skipped skipped) {
      metrics.skipped(skipped.reason());
    } else if (mapped instanceof MappingResult.Malformed malformed) {
      metrics.malformed(record.topic());
      byte[] value = record.value() == null ? new byte[0] : record.value();
      log.warn(
          () ->
              place(source)
                  + ": passed over: "
                  + malformed.reason()
                  + "; it begins with "
                  + Printable.hex(value));
    }
  }

  private void lookWhetherLate(ConsumerRecord<byte[], byte[]> record) {
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

  private void keep(EnvironmentEvent event, ConsumerRecord<byte[], byte[]> record) {
    if (!record.topic().equals(StreamEventMapper.RUNS)) {
      if (event.moment() == EventType.BEFORE) {
        goBefore(event);
      }
      window.add(event);
      if (event.state() == State.CONFIGURED) {
        goAhead(event.environmentId());
      }
      return;
    }
    long age = Math.max(0, System.currentTimeMillis() - record.timestamp());
    if (event.moment() == EventType.BEFORE && isTimely(event)) {
      Deque<EnvironmentEvent> waiting =
          starts.computeIfAbsent(event.environmentId(), id -> new ArrayDeque<>());
      EnvironmentEvent start = atOnce(event);
      waiting.add(start);
      arrived.add(start);
    }
    long wait = Math.max(0, runGrace.toMillis() - age);
    window.hold(event, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait));
  }

  /**
   * Its environment says itself that a run starts: the start has its time from where it was said
   * first.
   */
  private void goBefore(EnvironmentEvent event) {
    waiting(event).stream()
        .filter(start -> Objects.equals(start.runNumber(), event.runNumber()))
        .forEach(window::add);
  }

  /**
   * How many starts of runs came before environments were read up to their end; none as long as
   * records come late.
   */
  int arrivedStarts() {
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

  private void goAhead(String environmentId) {
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
    return EnvironmentEvent.builder(event.environmentId(), event.moment(), event.timestamp())
        .eventId(event.eventId())
        .transition(event.transition())
        .state(event.state())
        .runNumber(event.runNumber())
        .build();
  }

  /** Core starts that the journal does not have, oldest first; they go once they are in it. */
  Deque<Command.CoreStarted> coreStarts() {
    return coreStarts;
  }

  private void settleStart(EnvironmentEvent event, boolean accepted) {
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

  /** The journal has taken an event. */
  void answered(EnvironmentEvent event, TransitionReply reply) {
    Verdict verdict = reply.verdict();
    settleStart(event, verdict.isAccepted());
    if (verdict.hasEffect() && !reply.reason().isEmpty()) {
      warn(event, reply.reason());
    }
    if (!verdict.isAccepted() && event.observed()) {
      metrics.refused(verdict);
      warn(event, verdict + ": " + reply.reason());
    }
  }

  /** The journal has taken the first of the core starts. */
  void coreStarted() {
    coreStarts.remove();
    reconcile.run();
  }

  /** The journal has taken a whole batch, and more of what was there at first is to come. */
  void settled() {
    journalBackoff.reset();
    status.catchingUp(health.problem());
  }

  /** The topics were looked at; what is wrong with them is said though more comes of others. */
  void looked() {
    String problem = health.problem();
    if (!problem.isEmpty()) {
      status.looked(problem);
    }
  }

  /** The journal will never take an event. */
  void refused(EnvironmentEvent event, String reason) {
    settleStart(event, false);
    metrics.refused(Verdict.REFUSED);
    warn(event, "passed over: " + reason);
  }

  /** A record that nobody can read was passed over. */
  void passedOver() {
    log.warn(() -> health.unreadable().problem());
    reconcile.run();
  }

  /** Everything that was there when the session began is in the journal. */
  void caughtUp() {
    journalBackoff.reset();
    status.reading(health.problem());
  }

  private void warn(EnvironmentEvent event, String what) {
    log.warn(event.environmentId(), event.runNumber(), () -> described(event) + ": " + what);
  }

  private static String described(EnvironmentEvent event) {
    SourcePosition source = event.source();
    return (source == null ? "" : place(source) + ": ")
        + Printable.text(event.environmentId())
        + " "
        + event.moment()
        + " "
        + event.state();
  }

  private static String place(SourcePosition source) {
    return source.partition().topic()
        + "-"
        + source.partition().partition()
        + " offset "
        + source.offset();
  }
}
