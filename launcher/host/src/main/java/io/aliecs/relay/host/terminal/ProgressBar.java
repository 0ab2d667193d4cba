package io.aliecs.relay.host.terminal;

import java.io.PrintWriter;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/**
 * Shows on the last line of a terminal how far something has come that takes longer than two
 * seconds. Shows nothing where the output is no terminal. Thread safe; whoever writes beside it
 * uses {@link #println}.
 */
public final class ProgressBar implements AutoCloseable {
  private static final long FIRST_MS = 2_000;
  private static final long AGAIN_MS = 500;

  /** To the begin of the line, and nothing behind it (ECMA-48). */
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter out;
  private final LongFunction<String> line;
  private final long start = System.nanoTime();
  private final Timer timer = new Timer("progress", true);
  private boolean shown;
  private boolean closed;

  /**
   * A bar.
   *
   * @param known whether there is anything to say
   * @param line what it says after so many ms; asked on another thread
   */
  public ProgressBar(PrintWriter out, boolean known, LongFunction<String> line) {
    this.out = out;
    this.line = line;
    if (known && Terminal.isInteractive()) {
      timer.schedule(
          new TimerTask() {
            @Override
            public void run() {
              draw();
            }
          },
          FIRST_MS,
          AGAIN_MS);
    }
  }

  /** Writes a line above it. */
  public synchronized void println(String text) {
    clear();
    out.println(Terminal.fitted(text));
    out.flush();
  }

  private synchronized void draw() {
    if (closed) {
      return;
    }
    out.print(CLEAR + line.apply(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
    out.flush();
    shown = true;
  }

  private void clear() {
    if (shown) {
      out.print(CLEAR);
      out.flush();
      shown = false;
    }
  }

  /** Takes it away. */
  @Override
  public void close() {
    timer.cancel();
    synchronized (this) {
      closed = true;
      clear();
    }
  }
}
