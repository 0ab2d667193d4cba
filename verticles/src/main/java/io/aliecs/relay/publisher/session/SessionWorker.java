package io.aliecs.relay.publisher.session;

import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.kafka.ExplainedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread for what blocks on Kafka, one thing after the other: one for all that is sent, and one
 * for looks. What blocks for far too long is interrupted: Kafka's clients wait by the clock on the
 * wall, and when that steps back by an hour some of their waits take an hour more.
 */
public final class SessionWorker {
  private static final Logger LOG = LoggerFactory.getLogger(SessionWorker.class);

  /** Longer than any step of a session takes with all its timeouts. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Something that blocks and gives nothing. */
  public interface Task {
    void run() throws Exception;
  }

  private final Vertx vertx;
  private final WorkerExecutor executor;
  private final ClientFailure failure;
  private final Duration patience;

  public SessionWorker(Vertx vertx, String name, ClientFailure failure) {
    this(vertx, name, failure, PATIENCE);
  }

  public SessionWorker(Vertx vertx, String name, ClientFailure failure, Duration patience) {
    this.vertx = vertx;
    this.executor = vertx.createSharedWorkerExecutor(name, 1);
    this.failure = failure;
    this.patience = patience;
  }

  /** Does what blocks, and says there why it failed: that too may read files. */
  public <T> Future<T> call(Callable<T> task) {
    // The one thread keeps the order; Vert.x would keep it over all workers of a verticle.
    boolean ordered = false;
    return executor.executeBlocking(
        () -> {
          try {
            return watched(task);
          } catch (Exception failed) {
            throw new ExplainedException(failure.reason(failed), failed);
          }
        },
        ordered);
  }

  private <T> T watched(Callable<T> task) throws Exception {
    Interruption interruption = new Interruption(Thread.currentThread());
    long timer = vertx.setTimer(patience.toMillis(), late -> interruption.interrupt());
    try {
      return task.call();
    } catch (Exception failed) {
      throw interruption.isDone()
          ? new ExplainedException(
              "no answer of Kafka's client for "
                  + patience.toSeconds()
                  + " s (expected: at once; has the clock stepped back?)",
              failed)
          : failed;
    } finally {
      vertx.cancelTimer(timer);
      interruption.tooLate();
    }
  }

  /** The same for what gives nothing. */
  public Future<Void> run(Task task) {
    return call(
        () -> {
          task.run();
          return null;
        });
  }

  /** Closes a session that failed, behind what is under way; nobody waits for it. */
  public void discard(KafkaSession session) {
    run(session::abandon)
        .onFailure(
            failed ->
                LOG.warn("cannot close a producer, it is left behind: {}", failed.toString()));
  }

  /** Ends the thread, behind all that is under way. */
  public Future<Void> close() {
    return run(() -> {}).eventually(executor::close);
  }

  /** Interrupts a thread unless it is done with what it was to be interrupted in. Thread-safe. */
  private static final class Interruption {
    private final Thread thread;
    private boolean over;
    private boolean done;

    Interruption(Thread thread) {
      this.thread = thread;
    }

    synchronized void interrupt() {
      if (!over) {
        done = true;
        thread.interrupt();
      }
    }

    synchronized boolean isDone() {
      return done;
    }

    /** Nothing comes any more, and what came is not left to the next task. */
    synchronized void tooLate() {
      over = true;
      if (done) {
        var unused = Thread.interrupted();
      }
    }
  }
}
