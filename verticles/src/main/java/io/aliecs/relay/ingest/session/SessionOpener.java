package io.aliecs.relay.ingest.session;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.IngestOptions.History;
import io.aliecs.relay.ingest.stream.ReplayFilter;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import io.aliecs.relay.ingest.stream.StreamPlan;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import io.aliecs.relay.ingest.stream.StreamPlan.Finding;
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

  private final SessionContext context;
  private final LongPredicate pause;

  /**
   * @param pause waits for a number of milliseconds; true at once when the reader is to stop
   */
  public SessionOpener(SessionContext context, LongPredicate pause) {
    this.context = context;
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
    plan.moves().forEach(this::append);
    consumer.read(plan.progress());
    context.health().found(known, extents);
    RecordDispatcher dispatcher =
        new RecordDispatcher(
            context,
            extents.keySet(),
            ReplayFilter.of(plan, extents, state.environments().values()));
    return new StreamSession(context, consumer, dispatcher, plan.progress(), extents);
  }

  /** Meets the stream for the first time. */
  private Map<SourcePartition, SourceProgress> join(Map<SourcePartition, Extent> extents) {
    Map<SourcePartition, Long> ends = new HashMap<>();
    for (String topic : List.of(StreamEventMapper.ENVIRONMENTS, StreamEventMapper.RUNS)) {
      ends.put(new SourcePartition(topic, 0), 0L);
    }
    extents.forEach(
        (partition, extent) ->
            ends.put(
                partition, context.options().history() == History.PUBLISH ? 0L : extent.end()));
    LOG.info("joins AliECS's event stream; what is below is history: {}", ends);
    append(new Command.SourceJoined(ends));
    long giveUp = System.nanoTime() + context.timing().request().toNanos();
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
        context.metrics().recreated(topic);
        LOG.warn(
            "{} was made anew after offset {} of the one before was read (expected: it lasts);"
                + " it is read from offset {}; what is older than what is known changes nothing",
            finding.partition(),
            finding.expected(),
            finding.found());
      }
      case RECORDS_LOST -> {
        context.metrics().lost(topic, finding.found() - finding.expected());
        LOG.warn(
            "{}: offsets {} to {} were deleted before they were read (expected: a retention"
                + " longer than the relay is away); AliECS's core is asked what is really there:"
                + " compare GET /api/v1/runs with AliECS",
            finding.partition(),
            finding.expected(),
            finding.found() - 1);
      }
    }
  }

  private RelayState state() {
    return context.await(context.journal().state()).newest().state();
  }

  private void append(Command command) {
    context.await(context.journal().append(command));
  }
}
