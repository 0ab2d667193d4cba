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
import io.aliecs.relay.ingest.stream.InFlightWindow;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.ReplayFilter;
import io.aliecs.relay.retry.RateLimitedLog;
import io.aliecs.relay.text.Printable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Sorts records into the window of a session, and logs and counts those that are not followed.
 * Nothing that is in a record stops the stream. Lives as long as a session, on its thread.
 */
final class RecordDispatcher {
  private final InFlightWindow window = new InFlightWindow();
  private final EarlyRunStarts starts = new EarlyRunStarts(window);
  private final Deque<Command.CoreStarted> coreStarts = new ArrayDeque<>();
  private final SessionContext context;
  private final IngestMetrics metrics;
  private final RateLimitedLog log;
  private final EnvironmentTimes times;
  private final ReplayFilter replays;

  /**
   * @param partitions of all topics
   * @param replays what may have been read before
   */
  RecordDispatcher(SessionContext context, Set<SourcePartition> partitions, ReplayFilter replays) {
    this.context = context;
    this.metrics = context.metrics();
    this.log = context.log();
    this.replays = replays;
    Set<SourcePartition> environments =
        partitions.stream()
            .filter(partition -> partition.topic().equals(StreamEventMapper.ENVIRONMENTS))
            .collect(Collectors.toSet());
    this.times =
        new EnvironmentTimes(context.options().runGrace(), environments, System.nanoTime());
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
    context.health().received();
    starts.lookWhetherLate(record);
    SourcePosition source =
        new SourcePosition(
            new SourcePartition(record.topic(), record.partition()), record.offset());
    MappingResult mapped =
        StreamEventMapper.map(
            source, record.timestamp(), record.value(), context.options().workflows());
    if (record.topic().equals(StreamEventMapper.ENVIRONMENTS)) {
      long timestamp = mapped instanceof MappingResult.Event event ? event.event().timestamp() : 0;
      times.read(source.partition(), timestamp, System.nanoTime());
    }
    if (mapped instanceof MappingResult.Event event && replays.isKnownBetter(event.event())) {
      mapped = new MappingResult.Skipped(SkipReason.KNOWN_BETTER);
    }
    if (mapped instanceof MappingResult.Event followed) {
      EnvironmentEvent event = followed.event();
      for (MappingResult.Warning warning : followed.warnings()) {
        metrics.warning(warning.field());
        log.warn(
            event.environmentId(),
            event.runNumber(),
            () -> source + ": left out: " + warning.reason());
      }
      keep(event, record);
    } else if (mapped instanceof MappingResult.CoreStart start) {
      coreStarts.add(start.command());
    } else if (mapped instanceof MappingResult.Skipped skipped) {
      metrics.skipped(skipped.reason());
    } else if (mapped instanceof MappingResult.Malformed malformed) {
      metrics.malformed(record.topic());
      byte[] value = record.value() == null ? new byte[0] : record.value();
      log.warn(
          () ->
              source
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
    long wait = Math.max(0, context.options().runGrace().toMillis() - age);
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
    context.reconcile().run();
  }

  /** The journal has taken a whole batch, and more of what was there at first is to come. */
  void settled() {
    context.journalBackoff().reset();
    context.status().catchingUp(context.health().problem());
  }

  /** The topics were looked at; what is wrong with them is shown though more comes of others. */
  void looked() {
    String problem = context.health().problem();
    if (!problem.isEmpty()) {
      context.status().looked(problem);
    }
  }

  /** The journal will never take an event. */
  void refused(EnvironmentEvent event, String reason) {
    starts.settle(event, false);
    metrics.refused(Verdict.REFUSED);
    warn(event, "passed over: " + reason);
  }

  /** An unreadable record was skipped. */
  void passedOver() {
    log.warn(() -> context.health().unreadable().problem());
    context.reconcile().run();
  }

  /** Everything that was there when the session began is in the journal. */
  void caughtUp() {
    context.journalBackoff().reset();
    context.status().reading(context.health().problem());
  }

  private void warn(EnvironmentEvent event, String what) {
    log.warn(event.environmentId(), event.runNumber(), () -> described(event) + ": " + what);
  }

  private static String described(EnvironmentEvent event) {
    SourcePosition source = event.source();
    return (source == null ? "" : source + ": ")
        + Printable.text(event.environmentId())
        + " "
        + event.type()
        + " "
        + event.state();
  }
}
