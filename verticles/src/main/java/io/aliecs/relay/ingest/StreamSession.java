package io.aliecs.relay.ingest;

import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.EventBatchReply;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.InFlightWindow;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.ReaderTiming;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import io.aliecs.relay.ingest.stream.UnreadableBatches;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Reads on from one place until something disturbs it; then everything that is not in the journal
 * is forgotten and read again by the next session. Lives on the thread of {@link StreamReader}.
 *
 * <p>One batch is on its way at a time, all or nothing: nothing behind a failed event can be
 * applied before it.
 */
final class StreamSession {
  private static final Duration IDLE = Duration.ofMillis(100);
  private static final long REPLY_WAIT_MS = 20;

  private final StreamConsumer consumer;
  private final JournalGate journal;
  private final RecordDispatcher intake;
  private final IngestMetrics metrics;
  private final ReaderTiming timing;
  private final StreamHealth health;

  /** What the journal has. */
  private final Map<SourcePartition, SourceProgress> progress;

  /** Where the partitions ended when this session began. */
  private final Map<SourcePartition, Long> ends;

  private final InFlightWindow window;
  private boolean reachedEnds;
  private @Nullable CompletableFuture<EventBatchReply> reply;
  private List<EnvironmentEvent> underWay = List.of();
  private int batchLimit = InFlightWindow.LIMIT;
  private int releasing;
  private Map<SourcePartition, Long> fence = Map.of();
  private int announcing;
  private Map<SourcePartition, Long> startFence = Map.of();
  private boolean runsPaused;

  /** Where the partitions ended when the reader was told to leave, or null. */
  private @Nullable Map<SourcePartition, Long> rest;

  private long lastRefresh = System.nanoTime();
  private long lastMove = System.nanoTime();

  /**
   * A session that starts where the consumer was told to read.
   *
   * @param progress of each partition that is read
   * @param extents of the partitions now
   */
  StreamSession(
      StreamConsumer consumer,
      JournalGate journal,
      RecordDispatcher intake,
      IngestMetrics metrics,
      ReaderTiming timing,
      StreamHealth health,
      Map<SourcePartition, SourceProgress> progress,
      Map<SourcePartition, Extent> extents) {
    this.consumer = consumer;
    this.journal = journal;
    this.intake = intake;
    this.window = intake.window();
    this.metrics = metrics;
    this.timing = timing;
    this.health = health;
    this.progress = new HashMap<>(progress);
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
  boolean round() {
    if (isOver(lastRefresh, timing.refresh()) && !refresh()) {
      return false;
    }
    poll();
    announceStarts();
    if (reply != null && !settle()) {
      return true;
    }
    startCores();
    releaseRuns();
    move();
    if (!window.isEmpty()) {
      send();
    } else if (hasReachedEnds()) {
      intake.caughtUp();
    }
    return true;
  }

  /**
   * Whether everything is in the journal that was there when this was asked first.
   *
   * @throws KafkaException when Kafka cannot be read
   */
  boolean hasReadTheRest() {
    Map<SourcePartition, Long> last = rest == null ? consumer.ends(progress.keySet()) : rest;
    rest = last;
    return reply == null
        && window.holdsNothing()
        && intake.coreStarts().isEmpty()
        && last.entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /**
   * Whether the journal has what was there at first. An empty poll alone proves nothing: the
   * journal may refuse what the next one brings. Run events that are held back tell nothing new.
   */
  private boolean hasReachedEnds() {
    if (!reachedEnds) {
      reachedEnds =
          isRead(ends)
              && ends.entrySet().stream()
                  .filter(end -> !end.getKey().topic().equals(StreamEventMapper.RUNS))
                  .allMatch(end -> safe(end.getKey()) >= end.getValue());
    }
    return reachedEnds;
  }

  /** Waits for the batch that is on its way, whatever becomes of it. */
  void drain() {
    CompletableFuture<EventBatchReply> last = reply;
    if (last == null) {
      return;
    }
    try {
      last.get(timing.drain().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException unknown) {
      // The next session asks the journal how far it has come.
    }
  }

  private boolean refresh() {
    lastRefresh = System.nanoTime();
    Map<SourcePartition, Extent> extents = consumer.extents();
    if (!extents.keySet().equals(progress.keySet())) {
      return false;
    }
    long lag = 0;
    if (!window.hasRoom() || runsPaused) {
      health.standStill().forget();
    }
    for (Map.Entry<SourcePartition, Extent> extent : extents.entrySet()) {
      SourceProgress had = progress.getOrDefault(extent.getKey(), SourceProgress.START);
      long position = consumer.position(extent.getKey());
      long end = extent.getValue().end();
      long behind = end - position;
      health.standStill().look(extent.getKey(), position, end, System.nanoTime());
      if (behind < 0 || had.isOfAnother(extent.getValue().topicId())) {
        return false;
      }
      lag += behind;
    }
    metrics.lag(lag);
    intake.looked();
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
    boolean moreToSend = window.size() > underWay.size();
    try {
      var records = consumer.poll(moreToSend ? Duration.ZERO : IDLE);
      // What they hold of runs goes before what they hold of environments, which may name them.
      records.records(StreamEventMapper.RUNS).forEach(intake::take);
      records.forEach(
          record -> {
            if (!record.topic().equals(StreamEventMapper.RUNS)) {
              intake.take(record);
            }
          });
    } catch (KafkaException failed) {
      passOver(failed);
    }
  }

  /** Nothing behind a record that nobody can read waits for ever. */
  private void passOver(KafkaException failed) {
    SourcePartition partition = UnreadableBatches.partition(failed, progress.keySet());
    if (partition == null) {
      throw failed;
    }
    SourcePosition at = new SourcePosition(partition, consumer.position(partition));
    if (health.unreadable().isPassed(at, failed)) {
      consumer.seek(partition, at.offset() + 1);
      intake.passedOver();
    }
  }

  /** Looks whether the batch is safe; false when that is not known yet. */
  private boolean settle() {
    CompletableFuture<EventBatchReply> asked = reply;
    if (asked == null) {
      return true;
    }
    EventBatchReply answer;
    try {
      answer = asked.get(REPLY_WAIT_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException failed) {
      reply = null;
      return refused(failed.getCause() == null ? failed : failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new JournalException(interrupted);
    }
    reply = null;
    batchLimit = InFlightWindow.LIMIT;
    for (int i = 0; i < underWay.size(); i++) {
      TransitionReply told = answer.replies().get(i);
      intake.answered(underWay.get(i), told);
    }
    metrics.events(underWay.size());
    done();
    if (hasReachedEnds()) {
      intake.caughtUp();
    } else {
      intake.settled();
    }
    return true;
  }

  /** A batch that the journal will never take is cut down to the one event that it is about. */
  private boolean refused(Throwable failure) {
    if (!FailureCode.REFUSED.is(failure)) {
      throw new JournalException(failure);
    }
    if (underWay.size() > 1) {
      batchLimit = underWay.size() / 2;
      underWay = List.of();
      return true;
    }
    intake.refused(underWay.get(0), String.valueOf(failure.getMessage()));
    window.sent(1);
    underWay = List.of();
    return true;
  }

  private void done() {
    for (EnvironmentEvent event : underWay) {
      SourcePosition source = event.source();
      if (source != null) {
        advance(source.partition(), source.offset() + 1);
      }
    }
    window.sent(underWay.size());
    underWay = List.of();
  }

  private void send() {
    underWay = window.batch(batchLimit);
    long sent = System.nanoTime();
    reply =
        journal
            .append(new EventBatch(underWay))
            .whenComplete(
                (answer, failed) -> metrics.waited(Duration.ofNanos(System.nanoTime() - sent)));
  }

  /**
   * Lets run events go once their grace is over, the environments have been read up to where they
   * ended after that, and are past the time of the run events.
   */
  private void releaseRuns() {
    if (releasing == 0) {
      releasing = intake.dueRuns();
      if (releasing == 0) {
        return;
      }
      fence = environmentEnds();
    }
    if (isRead(fence)) {
      window.release(releasing);
      releasing = 0;
    }
  }

  /**
   * Lets starts of runs go ahead of their turn once the environments have been read up to where
   * they ended after that: a poll may bring what is newer before what is older of another topic.
   */
  private void announceStarts() {
    if (announcing == 0) {
      announcing = intake.arrivedStarts();
      if (announcing == 0) {
        return;
      }
      startFence = environmentEnds();
    }
    if (isRead(startFence)) {
      intake.environmentsRead(announcing);
      announcing = 0;
    }
  }

  private Map<SourcePartition, Long> environmentEnds() {
    return consumer.ends(
        progress.keySet().stream()
            .filter(partition -> partition.topic().equals(StreamEventMapper.ENVIRONMENTS))
            .collect(Collectors.toSet()));
  }

  private boolean isRead(Map<SourcePartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /**
   * Tells the journal of records that were only skipped: at once when that completes the history,
   * otherwise now and then. Nothing is on its way meanwhile, and it never goes back.
   */
  private void move() {
    boolean historyOpen = progress.values().stream().anyMatch(had -> had.next() < had.history());
    if (!historyOpen && !isOver(lastMove, timing.move())) {
      return;
    }
    Map<SourcePartition, Long> next = new HashMap<>();
    boolean historyRead = true;
    for (Map.Entry<SourcePartition, SourceProgress> entry : progress.entrySet()) {
      long safe = safe(entry.getKey());
      if (safe > entry.getValue().next()) {
        next.put(entry.getKey(), safe);
      }
      historyRead &= safe >= entry.getValue().history();
    }
    if ((historyOpen && historyRead) || isOver(lastMove, timing.move())) {
      lastMove = System.nanoTime();
      move(next);
    }
  }

  private void move(Map<SourcePartition, Long> next) {
    if (next.isEmpty()) {
      return;
    }
    Map<SourcePartition, SourceProgress> known = await(journal.state()).sources();
    next.entrySet()
        .removeIf(
            to -> to.getValue() <= known.getOrDefault(to.getKey(), SourceProgress.START).next());
    if (!next.isEmpty()) {
      await(journal.append(new Command.SourceMoved(next)));
    }
    next.forEach(this::advance);
  }

  /** Few and far between, so one at a time, and nothing is on its way meanwhile. */
  private void startCores() {
    for (Command.CoreStarted start = intake.coreStarts().peek();
        start != null;
        start = intake.coreStarts().peek()) {
      await(journal.append(start));
      SourcePosition source = start.source();
      if (source != null) {
        advance(source.partition(), source.offset() + 1);
      }
      intake.coreStarted();
    }
  }

  /** Offset that a restart could begin with and miss nothing. */
  private long safe(SourcePartition partition) {
    OptionalLong needed = window.firstNeeded(partition);
    return needed.isPresent() ? needed.getAsLong() : consumer.position(partition);
  }

  private void advance(SourcePartition partition, long next) {
    progress.computeIfPresent(
        partition, (same, had) -> next > had.next() ? had.advancedPast(next - 1) : had);
  }

  private <T> T await(CompletableFuture<T> asked) {
    return JournalException.await(asked, timing.request());
  }

  private static boolean isOver(long since, Duration time) {
    return System.nanoTime() - since >= time.toNanos();
  }
}
