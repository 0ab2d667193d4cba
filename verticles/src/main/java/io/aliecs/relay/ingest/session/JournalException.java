package io.aliecs.relay.ingest.session;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The journal did not take something, or it is not known whether it has. */
public final class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  JournalException(Throwable cause) {
    super("journal: " + cause.getMessage(), cause);
  }

  /**
   * Waits for an answer of the journal; never on an event loop.
   *
   * @throws JournalException when it failed or none came
   */
  static <T> T await(Future<T> asked, Duration timeout) {
    try {
      return asked
          .toCompletionStage()
          .toCompletableFuture()
          .get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
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
