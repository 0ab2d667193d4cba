package io.aliecs.relay.ingest.session;

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
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Sorts records into the window of a session, and tells people and metrics of those that are not
 * followed. Nothing that is in a record stops the stream. Lives as long as a session, on its
 * thread.
 */
final class RecordDispatcher {
  private final InFlightWindow window = new InFlightWindow();
  private final EarlyRunStarts starts = new EarlyRunStarts(window);
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

  /** Starts of runs that go ahead of the run events that are held back. */
  EarlyRunStarts starts() {
    return starts;
  }

  /** How many of the run events that are held back, from the first on, need not wait longer. */
  int dueRuns() {
    long now = System.nanoTime();
    return window.due(now, timestamp -> times.passed(timestamp, now));
  }

  void take(ConsumerRecord<byte[], byte[]> record) {
    metrics.record(record.topic());
    health.heard();
    starts.lookWhetherLate(record);
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
      for (MappingResult.Warning warning : told.warnings()) {
        metrics.warning(warning.field());
        log.warn(
            told.event().environmentId(),
            told.event().runNumber(),
            () -> place(source) + ": left out: " + warning.reason());
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

  private void keep(EnvironmentEvent event, ConsumerRecord<byte[], byte[]> record) {
    if (!record.topic().equals(StreamEventMapper.RUNS)) {
      if (event.type() == EventType.BEFORE) {
        starts.goBefore(event);
      }
      window.add(event);
      if (event.state() == State.CONFIGURED) {
        starts.goAhead(event.environmentId());
      }
      return;
    }
    long age = Math.max(0, System.currentTimeMillis() - record.timestamp());
    if (event.type() == EventType.BEFORE) {
      starts.add(event);
    }
    long wait = Math.max(0, runGrace.toMillis() - age);
    window.hold(event, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait));
  }

  /** Core starts that the journal does not have, oldest first; they go once they are in it. */
  Deque<Command.CoreStarted> coreStarts() {
    return coreStarts;
  }

  /** The journal has taken an event. */
  void answered(EnvironmentEvent event, TransitionReply reply) {
    Verdict verdict = reply.verdict();
    starts.settle(event, verdict.isAccepted());
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
    starts.settle(event, false);
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
        + event.type()
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
