package io.aliecs.relay.lab.verify.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Values of one measurement. For one thread at a time. */
final class Samples {
  private final List<Double> values = new ArrayList<>();

  void add(double value) {
    values.add(value);
  }

  double quantile(double quantile) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> ascending = values.stream().sorted().toList();
    return ascending.get((int) Math.min(values.size() - 1L, Math.round(quantile * values.size())));
  }

  /** The newest; not a number without any. */
  double last() {
    return values.isEmpty() ? Double.NaN : values.get(values.size() - 1);
  }

  double max() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }

  /** Median, 99th percentile and largest, in ms. */
  String latency() {
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms, p99 %.1f ms, max %.1f ms, n %d",
        quantile(0.5),
        quantile(0.99),
        max(),
        values.size());
  }
}
