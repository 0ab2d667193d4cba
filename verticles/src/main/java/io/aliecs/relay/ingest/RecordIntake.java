package io.aliecs.relay.ingest;

import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.EnvironmentEvent;
import io.aliecs.relay.domain.SourcePartition;
import io.aliecs.relay.domain.SourcePosition;
import io.aliecs.relay.domain.Verdict;
import io.aliecs.relay.retry.Backoff;
import io.aliecs.relay.retry.RateLimitedLog;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Sorts records into the window of a session, and tells people and metrics of those that are not
 * followed. Nothing that is in a record stops the stream. Lives on the thread of {@link
 * StreamReader}.
 */
final class RecordIntake {
  private final StreamWindow window = new StreamWindow();
  private final IngestMetrics metrics;
  private final RateLimitedLog log;
  private final ReaderStatus status;
  private final Duration runGrace;
  private final Backoff journalBackoff;
  private final StreamHealth health;
  private final Runnable reconcile;
  private final EnvironmentTimes times;
  private final Reread reread;

  /**
   * An intake of one session.
   *
   * @param journalBackoff starts anew with each answer
   * @param health why reading all there is does not make it healthy
   * @param reconcile has AliECS's core asked what is really there
   * @param partitions of both topics
   * @param reread what may have been read before
   */
  RecordIntake(
      IngestMetrics metrics,
      RateLimitedLog log,
      ReaderStatus status,
      Duration runGrace,
      Backoff journalBackoff,
      StreamHealth health,
      Runnable reconcile,
      Set<SourcePartition> partitions,
      Reread reread) {
    this.reread = reread;
    this.metrics = metrics;
    this.log = log;
    this.status = status;
    this.runGrace = runGrace;
    this.journalBackoff = journalBackoff;
    this.health = health;
    this.reconcile = reconcile;
    Set<SourcePartition> environments =
        partitions.stream()
            .filter(partition -> partition.topic().equals(StreamEventMapper.ENVIRONMENTS))
            .collect(Collectors.toSet());
    this.times = new EnvironmentTimes(runGrace, environments, System.nanoTime());
  }

  StreamWindow window() {
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
    SourcePosition source =
        new SourcePosition(
            new SourcePartition(record.topic(), record.partition()), record.offset());
    Mapped mapped = StreamEventMapper.map(source, record.timestamp(), record.value());
    if (record.topic().equals(StreamEventMapper.ENVIRONMENTS)) {
      long told = mapped instanceof Mapped.Event event ? event.event().timestamp() : 0;
      times.read(source.partition(), told, System.nanoTime());
    }
    if (mapped instanceof Mapped.Event event && reread.isKnownBetter(event.event())) {
      mapped = new Mapped.Skipped(SkipReason.KNOWN_BETTER);
    }
    if (mapped instanceof Mapped.Event told) {
      for (Mapped.Flaw flaw : told.flaws()) {
        metrics.flaw(flaw.field());
        log.warn(() -> place(source) + ": left out: " + flaw.reason());
      }
      keep(told.event(), record);
    } else if (mapped instanceof Mapped.Skipped skipped) {
      metrics.skipped(skipped.reason());
    } else if (mapped instanceof Mapped.Malformed malformed) {
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
      window.add(event);
      return;
    }
    long age = Math.max(0, System.currentTimeMillis() - record.timestamp());
    long wait = Math.max(0, runGrace.toMillis() - age);
    window.hold(event, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(wait));
  }

  /** The journal has taken an event. */
  void answered(EnvironmentEvent event, TransitionReply reply) {
    if (!reply.verdict().isAccepted()) {
      metrics.refused(reply.verdict());
      log.warn(() -> described(event) + ": " + reply.verdict() + ": " + reply.reason());
    }
  }

  /** The journal has taken a whole batch. */
  void settled() {
    journalBackoff.reset();
    status.reading(health.problem());
  }

  /** The topics were looked at; what is wrong with them is said though more comes of others. */
  void looked() {
    String problem = health.problem();
    if (!problem.isEmpty()) {
      status.failing(problem);
    }
  }

  /** The journal will never take an event. */
  void refused(EnvironmentEvent event, String reason) {
    metrics.refused(Verdict.REFUSED);
    log.warn(() -> described(event) + ": passed over: " + reason);
  }

  /** A record that nobody can read was passed over. */
  void passedOver() {
    log.warn(() -> health.unreadable().problem());
    reconcile.run();
  }

  /** Everything that was read is in the journal. */
  void caughtUp() {
    status.reading(health.problem());
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
