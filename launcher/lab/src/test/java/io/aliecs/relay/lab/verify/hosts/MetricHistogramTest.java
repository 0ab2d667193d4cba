package io.aliecs.relay.lab.verify.hosts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricHistogramTest {
  private static final String METRICS =
      """
      # TYPE wait_seconds histogram
      wait_seconds_bucket{le="0.001"} 50
      wait_seconds_bucket{le="0.005"} 98
      wait_seconds_bucket{le="0.01"} 99
      wait_seconds_bucket{le="+Inf"} 100
      wait_seconds_count 100
      other_bucket{le="0.5"} 100
      """;

  @Test
  void aQuantileIsTheBoundOfTheBucketThatHoldsIt() {
    assertThat(MetricHistogram.quantile(METRICS, "wait_seconds", 0.5)).hasValue(0.001);
    assertThat(MetricHistogram.quantile(METRICS, "wait_seconds", 0.98)).hasValue(0.005);
    assertThat(MetricHistogram.quantile(METRICS, "wait_seconds", 0.99)).hasValue(0.01);
    assertThat(MetricHistogram.quantile(METRICS, "wait_seconds", 0.995))
        .hasValue(Double.POSITIVE_INFINITY);
  }

  @Test
  void thereIsNoneWithoutValues() {
    assertThat(MetricHistogram.quantile("", "wait_seconds", 0.5)).isEmpty();
  }
}
