package io.aliecs.relay.host;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets a command end in good order and with exit code 0 on Ctrl-C or SIGTERM: runs what ends it,
 * waits up to 5 s for the command to say that it is done, then ends the process. To be closed by
 * the command. Thread-safe.
 */
public final class Interruption implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 5;

  private final CountDownLatch done = new CountDownLatch(1);
  private final AtomicBoolean came = new AtomicBoolean();
  private final Thread hook;

  private Interruption(Runnable end) {
    this.hook = new Thread(() -> interrupted(end), "interruption");
  }

  /** Runs {@code end} when the process is asked to end. */
  public static Interruption whenItComes(Runnable end) {
    Interruption interruption = new Interruption(end);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** Says that the command has done all it had to, its output flushed. */
  public void done() {
    done.countDown();
  }

  /**
   * Says that the command has ended in whatever way; from now on signals do what they always do.
   */
  @Override
  public void close() {
    done();
    if (!came.get()) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException ending) {
        // It has just come: the hook sees that the command is done.
      }
    }
  }

  private void interrupted(Runnable end) {
    came.set(true);
    end.run();
    try {
      if (!done.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(1);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }
}
