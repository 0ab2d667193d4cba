package io.aliecs.relay.bench;

import java.util.Arrays;
import java.util.Locale;

/** Times that something took, in ns, ascending. */
record Latencies(long[] nanos) {
  Latencies {
    nanos = nanos.clone();
    Arrays.sort(nanos);
  }

  /** The time that such a part of them did not exceed, ms. */
  double millis(double part) {
    if (nanos.length == 0) {
      return Double.NaN;
    }
    return nanos[Math.max(0, (int) Math.ceil(part * nanos.length) - 1)] / 1e6;
  }

  /** For people and for a file of comma-separated values. */
  static String text(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }
}
