package io.aliecs.relay.host.terminal;

import java.io.PrintWriter;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/**
 * Shows on the last line of a terminal how far something has come that takes longer than two
 * seconds, with its rate and the time left. Shows nothing where the output is no terminal. Thread
 * safe; whoever writes beside it uses {@link #println}.
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

  private ProgressBar(PrintWriter out, boolean draws, LongFunction<String> line) {
    this.out = out;
    this.line = line;
    if (draws) {
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

  /**
   * The bar of a count.
   *
   * @param unit what is counted, in the plural
   * @param total how many there will be; 0 where nobody knows: then there is no bar
   * @param done how many there are; asked on another thread
   */
  public static ProgressBar of(PrintWriter out, String unit, long total, LongSupplier done) {
    return new ProgressBar(
        out,
        total > 0 && Terminal.isInteractive(),
        ms -> ProgressLine.of(unit, done.getAsLong(), total, ms, Terminal.columns()));
  }

  /** Shows how long something has taken. */
  public static ProgressBar waiting(PrintWriter out, String what) {
    return new ProgressBar(out, Terminal.isInteractive(), ms -> ProgressLine.of(what, ms));
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
