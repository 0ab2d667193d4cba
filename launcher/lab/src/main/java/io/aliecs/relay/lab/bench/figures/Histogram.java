package io.aliecs.relay.lab.bench.figures;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Counts times in classes that are about 9 % wide, eight to each doubling. For one thread. */
public final class Histogram {
  static final int CLASSES_A_DOUBLING = 8;
  private static final int CLASSES = 48 * CLASSES_A_DOUBLING;

  private final long[] counts = new long[CLASSES];

  public void add(long nanos) {
    int at = (int) (CLASSES_A_DOUBLING * Math.log((double) Math.max(1, nanos)) / Math.log(2));
    counts[Math.min(at, CLASSES - 1)]++;
  }

  /** Adds what another process has counted. */
  public void addEncoded(String line) {
    String[] fields = line.split(",", -1);
    for (int i = 0; i < CLASSES; i++) {
      counts[i] += Long.parseLong(fields[i]);
    }
  }

  public String encoded() {
    return Arrays.stream(counts).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  long total() {
    return Arrays.stream(counts).sum();
  }

  long count(int at) {
    return counts[at];
  }

  int classes() {
    return CLASSES;
  }

  /** The lower end of a class, in ms. */
  static double millis(int at) {
    return Math.pow(2, (double) at / CLASSES_A_DOUBLING) / 1e6;
  }

  /** The upper end of the class in which that part of all is, in ms. */
  public double quantile(double part) {
    long rank = Math.max(1, (long) Math.ceil(part * total()));
    long seen = 0;
    for (int i = 0; i < CLASSES; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return millis(i + 1);
      }
    }
    return 0;
  }
}
