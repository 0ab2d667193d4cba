package io.aliecs.relay.lab;

import java.util.ArrayList;
import java.util.List;

/** Values of one measurement, such as times in ms. Thread-safe. */
public final class Samples {
  private final List<Double> values = new ArrayList<>();

  public synchronized void add(double value) {
    values.add(value);
  }

  /** Adds a time in ms, between two values of {@link System#nanoTime}. */
  public void add(long began, long ended) {
    add((ended - began) / 1e6);
  }

  public synchronized int count() {
    return values.size();
  }

  /** The value that such a part of them does not exceed; not a number without any. */
  public synchronized double quantile(double part) {
    long rank = (long) Math.ceil(part * values.size());
    return values.stream().sorted().skip(Math.max(0, rank - 1)).findFirst().orElse(Double.NaN);
  }

  /** The newest; not a number without any. */
  public synchronized double last() {
    return values.isEmpty() ? Double.NaN : values.get(values.size() - 1);
  }
}
