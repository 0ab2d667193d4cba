package io.aliecs.relay.ingest.session;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.IngestOptions.History;
import io.aliecs.relay.ingest.stream.ReaderTiming;
import io.aliecs.relay.ingest.stream.ReplayFilter;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import io.aliecs.relay.ingest.stream.StreamPlan;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import io.aliecs.relay.ingest.stream.StreamPlan.Finding;
import io.aliecs.relay.retry.Backoff;
import io.aliecs.relay.retry.RateLimitedLog;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens sessions: where to read on, by what the journal has and what Kafka has, and what is missing
 * there. Lives as long as a reader, on its thread.
 */
public final class SessionOpener {
  private static final Logger LOG = LoggerFactory.getLogger(SessionOpener.class);
  private static final long STATE_WAIT_MS = 20;

  private final IngestOptions options;
  private final ReaderTiming timing;
  private final JournalClient journal;
  private final IngestMetrics metrics;
  private final ReaderStatus status;
  private final StreamHealth health;
  private final Backoff journalBackoff;
  private final Runnable reconcile;
  private final LongPredicate pause;
  private final RateLimitedLog log = new RateLimitedLog(LOG, System::nanoTime);

  /**
   * Opens none yet.
   *
   * @param journalBackoff starts anew with each answer
   * @param health why reading all there is does not make it healthy
   * @param reconcile has AliECS's core asked what is really there
   * @param pause waits for so many milliseconds; true at once when the reader is to stop
   */
  public SessionOpener(
      IngestOptions options,
      ReaderTiming timing,
      JournalClient journal,
      IngestMetrics metrics,
      ReaderStatus status,
      StreamHealth health,
      Backoff journalBackoff,
      Runnable reconcile,
      LongPredicate pause) {
    this.options = options;
    this.timing = timing;
    this.journal = journal;
    this.metrics = metrics;
    this.status = status;
    this.health = health;
    this.journalBackoff = journalBackoff;
    this.reconcile = reconcile;
    this.pause = pause;
  }

  /**
   * A session that reads on from where the journal says.
   *
   * @throws JournalException when the journal does not answer
   * @throws KafkaException when Kafka cannot be read
   */
  public StreamSession open(StreamConsumer consumer) {
    RelayState state = state();
    Map<SourcePartition, Extent> extents = consumer.extents();
    Map<SourcePartition, SourceProgress> known =
        state.sources().isEmpty() ? join(extents) : state.sources();
    StreamPlan plan = StreamPlan.of(known, extents);
    plan.findings().forEach(this::report);
    plan.moves().forEach(move -> await(journal.append(move)));
    consumer.read(plan.progress());
    health.found(known, extents);
    RecordDispatcher intake =
        new RecordDispatcher(
            metrics,
            log,
            status,
            options.runGrace(),
            options.workflows(),
            journalBackoff,
            health,
            reconcile,
            extents.keySet(),
            ReplayFilter.of(plan, extents, state.environments().values()));
    return new StreamSession(
        consumer, journal, intake, metrics, timing, health, plan.progress(), extents);
  }

  /** Meets the stream for the first time. */
  private Map<SourcePartition, SourceProgress> join(Map<SourcePartition, Extent> extents) {
    Map<SourcePartition, Long> ends = new HashMap<>();
    for (String topic : List.of(StreamEventMapper.ENVIRONMENTS, StreamEventMapper.RUNS)) {
      ends.put(new SourcePartition(topic, 0), 0L);
    }
    extents.forEach(
        (partition, extent) ->
            ends.put(partition, options.history() == History.PUBLISH ? 0L : extent.end()));
    LOG.info("joins AliECS's event stream; what is below is history: {}", ends);
    await(journal.append(new Command.SourceJoined(ends)));
    long giveUp = System.nanoTime() + timing.request().toNanos();
    Map<SourcePartition, SourceProgress> known = state().sources();
    while (known.isEmpty() && System.nanoTime() - giveUp < 0 && !pause.test(STATE_WAIT_MS)) {
      known = state().sources();
    }
    if (known.isEmpty()) {
      throw new JournalException(
          new IllegalStateException("no sources (expected: those that were joined)"));
    }
    return known;
  }

  private void report(Finding finding) {
    String topic = finding.partition().topic();
    switch (finding.trouble()) {
      case STARTED_OVER -> {
        metrics.recreated(topic);
        LOG.warn(
            "{}-{} was made anew after offset {} of the one before was read (expected: it lasts);"
                + " it is read from offset {}; what is older than what is known changes nothing",
            topic,
            finding.partition().partition(),
            finding.expected(),
            finding.found());
      }
      case RECORDS_LOST -> {
        metrics.lost(topic, finding.found() - finding.expected());
        LOG.warn(
            "{}-{}: offsets {} to {} were deleted before they were read (expected: a retention"
                + " longer than the relay is away); AliECS's core is asked what is really there:"
                + " compare GET /api/v1/runs with AliECS",
            topic,
            finding.partition().partition(),
            finding.expected(),
            finding.found() - 1);
      }
    }
  }

  private RelayState state() {
    return await(journal.state()).newest().state();
  }

  private <T> T await(Future<T> asked) {
    return JournalException.await(asked, timing.request());
  }
}
