package io.aliecs.relay.lab.bench.figures;

import java.util.Arrays;
import java.util.Locale;

/** Times that something took. Immutable. */
public final class Latencies {
  private final long[] ascending;

  /**
   * Of these times.
   *
   * @param nanos in any order; not kept
   */
  public Latencies(long[] nanos) {
    ascending = nanos.clone();
    Arrays.sort(ascending);
  }

  /** The time that such a part of them did not exceed, ms. */
  public double millis(double part) {
    if (ascending.length == 0) {
      return Double.NaN;
    }
    return ascending[Math.max(0, (int) Math.ceil(part * ascending.length) - 1)] / 1e6;
  }

  /** The one in the middle of figures of any kind, the upper one of two; there is at least one. */
  public static double median(double[] figures) {
    double[] ascending = figures.clone();
    Arrays.sort(ascending);
    return ascending[ascending.length / 2];
  }

  /** For people and for a file of comma-separated values. */
  public static String text(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }
}
