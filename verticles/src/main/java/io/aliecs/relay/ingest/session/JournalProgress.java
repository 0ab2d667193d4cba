package io.aliecs.relay.ingest.session;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.ingest.stream.InFlightWindow;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How far the journal has come in each partition that is read, and how far it could. Lives as long
 * as a session, on its thread.
 */
final class JournalProgress {
  private final StreamConsumer consumer;
  private final SessionContext context;
  private final InFlightWindow window;
  private final Map<SourcePartition, SourceProgress> progress;
  private long lastMove = System.nanoTime();

  /**
   * @param window what was read and is not in the journal
   * @param progress of each partition that is read
   */
  JournalProgress(
      SessionContext context,
      StreamConsumer consumer,
      InFlightWindow window,
      Map<SourcePartition, SourceProgress> progress) {
    this.context = context;
    this.consumer = consumer;
    this.window = window;
    this.progress = new HashMap<>(progress);
  }

  /** All that are read. */
  Set<SourcePartition> partitions() {
    return progress.keySet();
  }

  SourceProgress of(SourcePartition partition) {
    return progress.getOrDefault(partition, SourceProgress.START);
  }

  /** Offset that a restart could begin with and miss nothing. */
  long safe(SourcePartition partition) {
    OptionalLong needed = window.firstNeeded(partition);
    return needed.isPresent() ? needed.getAsLong() : consumer.position(partition);
  }

  /** The journal has what came of this record; nothing to do where there was none. */
  void advancePast(@Nullable SourcePosition source) {
    if (source != null) {
      advance(source.partition(), source.offset() + 1);
    }
  }

  private void advance(SourcePartition partition, long next) {
    progress.computeIfPresent(
        partition, (same, had) -> next > had.next() ? had.advancedPast(next - 1) : had);
  }

  /**
   * Takes the journal past records that were only skipped: at once when that completes the history,
   * otherwise now and then. Nothing is on its way meanwhile, and it never goes back.
   */
  void move() {
    boolean historyOpen = progress.values().stream().anyMatch(had -> had.next() < had.history());
    if (!historyOpen && !isDue()) {
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
    if ((historyOpen && historyRead) || isDue()) {
      lastMove = System.nanoTime();
      move(next);
    }
  }

  private void move(Map<SourcePartition, Long> next) {
    if (next.isEmpty()) {
      return;
    }
    Map<SourcePartition, SourceProgress> known =
        context.await(context.journal().state()).newest().state().sources();
    next.entrySet()
        .removeIf(
            to -> to.getValue() <= known.getOrDefault(to.getKey(), SourceProgress.START).next());
    if (!next.isEmpty()) {
      context.await(context.journal().append(new Command.SourceMoved(next)));
    }
    next.forEach(this::advance);
  }

  private boolean isDue() {
    return System.nanoTime() - lastMove >= context.timing().move().toNanos();
  }
}
