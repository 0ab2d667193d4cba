package io.aliecs.relay.ingest.session;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.InFlightWindow;
import io.aliecs.relay.ingest.stream.StandStill;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import io.aliecs.relay.ingest.stream.UnreadableBatches;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Reads on from one place until something disturbs it; then everything that is not in the journal
 * is forgotten and read again by the next session. Lives on the thread of its reader.
 */
public final class StreamSession {
  private static final Duration IDLE = Duration.ofMillis(100);

  private final SessionContext context;
  private final StreamConsumer consumer;
  private final RecordDispatcher dispatcher;
  private final StandStill standStill;
  private final JournalProgress progress;
  private final BatchSender batch;

  /** Where the partitions ended when this session began. */
  private final Map<SourcePartition, Long> ends;

  private final InFlightWindow window;
  private boolean reachedEnds;

  /** Run events go once their grace is over, and that of the environment events of their time. */
  private final Fence runs = new Fence();

  /**
   * Starts of runs go ahead of their turn: not at once, as a poll may bring what is newer before
   * what is older of another topic.
   */
  private final Fence starts = new Fence();

  private boolean runsPaused;

  /** Where the partitions ended when the reader was asked to finish, or null. */
  private @Nullable Map<SourcePartition, Long> rest;

  private long lastRefresh = System.nanoTime();

  /**
   * A session that starts where the consumer is set to read.
   *
   * @param progress of each partition that is read
   * @param extents of the partitions now
   */
  StreamSession(
      SessionContext context,
      StreamConsumer consumer,
      RecordDispatcher dispatcher,
      Map<SourcePartition, SourceProgress> progress,
      Map<SourcePartition, Extent> extents) {
    this.context = context;
    this.consumer = consumer;
    this.dispatcher = dispatcher;
    this.window = dispatcher.window();
    this.standStill = context.health().standStill();
    this.progress = new JournalProgress(context, consumer, window, progress);
    this.batch = new BatchSender(context, dispatcher, this.progress);
    this.ends =
        extents.entrySet().stream()
            .filter(extent -> progress.containsKey(extent.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, extent -> extent.getValue().end()));
  }

  /**
   * Goes one round: polls, and sends what can be sent.
   *
   * @return false when the topics have changed and a new session has to look at them
   * @throws JournalException when the journal did not take what was sent
   * @throws KafkaException when Kafka cannot be read
   */
  public boolean round() {
    boolean due = System.nanoTime() - lastRefresh >= context.timing().refresh().toNanos();
    if (due && !refresh()) {
      return false;
    }
    poll();
    starts.pass(dispatcher.starts()::arrived, dispatcher.starts()::environmentsRead);
    switch (batch.settle()) {
      case NOT_YET -> {
        return true;
      }
      case TAKEN -> taken();
      case NONE -> {}
    }
    startCores();
    runs.pass(dispatcher::dueRuns, window::release);
    progress.move();
    if (!window.isEmpty()) {
      batch.send();
    } else if (hasReachedEnds()) {
      dispatcher.caughtUp();
    }
    return true;
  }

  /**
   * Whether everything is in the journal that was there when this was asked first.
   *
   * @throws KafkaException when Kafka cannot be read
   */
  public boolean hasReadTheRest() {
    Map<SourcePartition, Long> last = rest == null ? consumer.ends(progress.partitions()) : rest;
    rest = last;
    return !batch.isUnderWay()
        && window.holdsNothing()
        && dispatcher.coreStarts().isEmpty()
        && last.entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /**
   * Whether the journal has what was there at first. An empty poll alone proves nothing: the
   * journal may refuse what the next one brings. Run events that are held back bring no news.
   */
  private boolean hasReachedEnds() {
    if (!reachedEnds) {
      reachedEnds =
          isRead(ends)
              && ends.entrySet().stream()
                  .filter(end -> !end.getKey().topic().equals(StreamEventMapper.RUNS))
                  .allMatch(end -> progress.safe(end.getKey()) >= end.getValue());
    }
    return reachedEnds;
  }

  /** Waits for the batch that is on its way, whatever becomes of it. */
  public void drain() {
    batch.drain();
  }

  private boolean refresh() {
    lastRefresh = System.nanoTime();
    Map<SourcePartition, Extent> extents = consumer.extents();
    if (!extents.keySet().equals(progress.partitions())) {
      return false;
    }
    long lag = 0;
    if (!window.hasRoom() || runsPaused) {
      standStill.forget();
    }
    for (Map.Entry<SourcePartition, Extent> extent : extents.entrySet()) {
      SourceProgress had = progress.of(extent.getKey());
      long position = consumer.position(extent.getKey());
      long end = extent.getValue().end();
      long behind = end - position;
      standStill.look(extent.getKey(), position, end, System.nanoTime());
      if (behind < 0 || had.isOfAnother(extent.getValue().topicId())) {
        return false;
      }
      lag += behind;
    }
    context.metrics().lag(lag);
    dispatcher.looked();
    return true;
  }

  private void poll() {
    if (!window.hasRoom()) {
      return;
    }
    if (runsPaused && window.hasRoomForRuns()) {
      consumer.resumeRuns();
      runsPaused = false;
    } else if (!runsPaused && !window.hasRoomForRuns()) {
      consumer.pauseRuns();
      runsPaused = true;
    }
    boolean moreToSend = window.size() > batch.size();
    try {
      var records = consumer.poll(moreToSend ? Duration.ZERO : IDLE);
      // What they hold of runs goes before what they hold of environments, which may name them.
      records.records(StreamEventMapper.RUNS).forEach(dispatcher::take);
      records.forEach(
          record -> {
            if (!record.topic().equals(StreamEventMapper.RUNS)) {
              dispatcher.take(record);
            }
          });
    } catch (KafkaException failed) {
      passOver(failed);
    }
  }

  /** What follows an unreadable record does not wait for ever. */
  private void passOver(KafkaException failed) {
    SourcePartition partition = UnreadableBatches.partition(failed, progress.partitions());
    if (partition == null) {
      throw failed;
    }
    SourcePosition at = new SourcePosition(partition, consumer.position(partition));
    if (context.health().unreadable().isPassed(at, failed)) {
      consumer.seek(partition, at.offset() + 1);
      dispatcher.passedOver();
    }
  }

  private void taken() {
    if (hasReachedEnds()) {
      dispatcher.caughtUp();
    } else {
      dispatcher.settled();
    }
  }

  /** Events that wait until the environments have been read up to where they end by then. */
  private final class Fence {
    private int waiting;
    private Map<SourcePartition, Long> ends = Map.of();

    /** Counts those that wait, unless some do already, and lets them go once that is read. */
    void pass(IntSupplier arrived, IntConsumer go) {
      if (waiting == 0) {
        waiting = arrived.getAsInt();
        if (waiting == 0) {
          return;
        }
        ends = environmentEnds();
      }
      if (isRead(ends)) {
        go.accept(waiting);
        waiting = 0;
      }
    }
  }

  private Map<SourcePartition, Long> environmentEnds() {
    return consumer.ends(
        progress.partitions().stream()
            .filter(partition -> partition.topic().equals(StreamEventMapper.ENVIRONMENTS))
            .collect(Collectors.toSet()));
  }

  private boolean isRead(Map<SourcePartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** Few and far between, so one at a time, and nothing is on its way meanwhile. */
  private void startCores() {
    for (Command.CoreStarted start = dispatcher.coreStarts().peek();
        start != null;
        start = dispatcher.coreStarts().peek()) {
      context.await(context.journal().append(start));
      progress.advancePast(start.source());
      dispatcher.coreStarted();
    }
  }
}
