package io.aliecs.relay.lab;

import io.aliecs.relay.host.terminal.DurationText;
import io.aliecs.relay.host.terminal.ProgressBar;
import io.aliecs.relay.host.terminal.Terminal;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/** What the progress bar of a count says, on one line. */
public final class ProgressLine {
  private static final int BAR = 20;
  private static final double SLOW = 1;

  private ProgressLine() {}

  /**
   * The bar of a count.
   *
   * @param unit what is counted, in the plural
   * @param total how many there will be; 0 where nobody knows: then there is no bar
   * @param done how many there are; asked on another thread
   */
  public static ProgressBar bar(PrintWriter out, String unit, long total, LongSupplier done) {
    return new ProgressBar(
        out, total > 0, ms -> of(unit, done.getAsLong(), total, ms, Terminal.columns()));
  }

  /**
   * How far something has come.
   *
   * @param unit what is counted, in the plural
   * @param total 1 or more
   * @param ms since the start
   * @param columns of the terminal; where the bar does not fit it is left out, then the rate
   */
  static String of(String unit, long done, long total, long ms, int columns) {
    String count = done + " of " + total + " " + unit;
    String plain = count + pace(done, total, ms);
    String whole = bar(done, total) + "  " + plain;
    if (whole.length() < columns) {
      return whole;
    }
    return plain.length() < columns ? plain : count;
  }

  private static String bar(long done, long total) {
    int full = (int) (Math.min(done, total) * BAR / total);
    return "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
  }

  private static String pace(long done, long total, long ms) {
    if (done == 0) {
      return "  " + DurationText.of(ms);
    }
    double perSecond = done * 1_000.0 / Math.max(1, ms);
    long left = (long) (Math.max(0, total - done) / perSecond * 1_000);
    return "  " + rate(perSecond) + "  " + DurationText.of(left) + " left";
  }

  private static String rate(double perSecond) {
    return perSecond < SLOW
        ? String.format(Locale.ROOT, "%.1f/min", perSecond * 60)
        : String.format(Locale.ROOT, "%.0f/s", perSecond);
  }
}
