package io.aliecs.relay.lab.verify.hosts;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a histogram off metrics in Prometheus's text format. */
final class MetricHistogram {
  private MetricHistogram() {}

  private record Bucket(double atMost, double count) {}

  /** The upper bound of the bucket that holds the quantile; empty without any values. */
  static OptionalDouble quantile(String metrics, String name, double quantile) {
    Pattern line =
        Pattern.compile(
            Pattern.quote(name) + "_bucket\\{.*le=\"([^\"]+)\".*} (\\S+)",
            Pattern.CASE_INSENSITIVE);
    List<Bucket> buckets = new ArrayList<>();
    metrics
        .lines()
        .map(line::matcher)
        .filter(Matcher::matches)
        .forEach(m -> buckets.add(new Bucket(bound(m.group(1)), Double.parseDouble(m.group(2)))));
    double all = buckets.stream().mapToDouble(Bucket::count).max().orElse(0);
    return buckets.stream()
        .filter(bucket -> all > 0 && bucket.count() >= quantile * all)
        .mapToDouble(Bucket::atMost)
        .min();
  }

  private static double bound(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }
}
