package io.aliecs.relay.ingest.session;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.ReaderTiming;
import io.aliecs.relay.retry.Backoff;
import io.aliecs.relay.retry.RateLimitedLog;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the sessions of a reader share.
 *
 * @param health why reading all there is does not make the stream healthy
 * @param journalBackoff starts anew with each answer of the journal
 * @param log for records that are not followed
 * @param reconcile has AliECS's core asked which environments there really are
 */
public record SessionContext(
    IngestOptions options,
    ReaderTiming timing,
    JournalClient journal,
    IngestMetrics metrics,
    ReaderStatus status,
    StreamHealth health,
    Backoff journalBackoff,
    RateLimitedLog log,
    Runnable reconcile) {

  /**
   * Waits for an answer of the journal; never on an event loop.
   *
   * @throws JournalException when it failed or none came
   */
  <T> T await(Future<T> asked) {
    try {
      return asked
          .toCompletionStage()
          .toCompletableFuture()
          .get(timing.request().toMillis() + 1_000, TimeUnit.MILLISECONDS);
    } catch (ExecutionException failed) {
      throw new JournalException(failed.getCause() == null ? failed : failed.getCause());
    } catch (TimeoutException silent) {
      throw new JournalException(silent);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new JournalException(interrupted);
    }
  }
}
