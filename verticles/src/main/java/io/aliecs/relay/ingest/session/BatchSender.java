package io.aliecs.relay.ingest.session;

import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.EventBatchReply;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.ingest.stream.InFlightWindow;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends events to the journal. One batch is on its way at a time, all or nothing: nothing behind a
 * failed event can be applied before it. Lives as long as a session, on its thread.
 */
final class BatchSender {
  private static final long REPLY_WAIT_MS = 20;

  private final SessionContext context;
  private final RecordDispatcher dispatcher;
  private final InFlightWindow window;
  private final JournalProgress progress;
  private @Nullable CompletableFuture<EventBatchReply> reply;
  private List<EnvironmentEvent> underWay = List.of();
  private int batchLimit = InFlightWindow.LIMIT;

  /** What has become of the batch. */
  enum Outcome {
    /** None was on its way, or its events are to be sent again or were passed over. */
    NONE,
    NOT_YET,
    /** It is in the journal. */
    TAKEN
  }

  /**
   * @param dispatcher has the events, and gets the outcome of each
   * @param progress goes on past what the journal has
   */
  BatchSender(SessionContext context, RecordDispatcher dispatcher, JournalProgress progress) {
    this.context = context;
    this.dispatcher = dispatcher;
    this.window = dispatcher.window();
    this.progress = progress;
  }

  boolean isUnderWay() {
    return reply != null;
  }

  /** How many events are on their way. */
  int size() {
    return underWay.size();
  }

  /**
   * Looks whether the batch is safe.
   *
   * @throws JournalException when the journal did not take it, or may not have
   */
  Outcome settle() {
    CompletableFuture<EventBatchReply> asked = reply;
    if (asked == null) {
      return Outcome.NONE;
    }
    EventBatchReply answer;
    try {
      answer = asked.get(REPLY_WAIT_MS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException notYet) {
      return Outcome.NOT_YET;
    } catch (ExecutionException failed) {
      reply = null;
      refused(failed.getCause() == null ? failed : failed.getCause());
      return Outcome.NONE;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new JournalException(interrupted);
    }
    reply = null;
    batchLimit = InFlightWindow.LIMIT;
    for (int i = 0; i < underWay.size(); i++) {
      EnvironmentEvent event = underWay.get(i);
      dispatcher.answered(event, answer.replies().get(i));
      progress.advancePast(event.source());
    }
    context.metrics().events(underWay.size());
    window.sent(underWay.size());
    underWay = List.of();
    return Outcome.TAKEN;
  }

  /** A batch that the journal will never take is cut down to the one event that it is about. */
  private void refused(Throwable failure) {
    if (!FailureCode.REFUSED.is(failure)) {
      throw new JournalException(failure);
    }
    if (underWay.size() > 1) {
      batchLimit = underWay.size() / 2;
      underWay = List.of();
      return;
    }
    dispatcher.refused(underWay.get(0), String.valueOf(failure.getMessage()));
    window.sent(1);
    underWay = List.of();
  }

  /** Sends what is ready, none being on its way. */
  void send() {
    underWay = window.batch(batchLimit);
    long sent = System.nanoTime();
    reply =
        context
            .journal()
            .append(new EventBatch(underWay))
            .onComplete(
                answer -> context.metrics().waited(Duration.ofNanos(System.nanoTime() - sent)))
            .toCompletionStage()
            .toCompletableFuture();
  }

  /** Waits for the batch that is on its way, whatever becomes of it. */
  void drain() {
    CompletableFuture<EventBatchReply> last = reply;
    if (last == null) {
      return;
    }
    try {
      last.get(context.timing().drain().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException unknown) {
      // The next session asks the journal how far it has come.
    }
  }
}
