package io.aliecs.relay.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The names that dashboards and alerts rely on. */
class ConfigMetricsTest {

  @Test
  void namesAndUnitsFollowPrometheus() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    SettingsState state = SettingsState.empty(System.currentTimeMillis() - 90_000);
    ConfigMetrics metrics = new ConfigMetrics(registry, () -> state);
    String scraped = registry.scrape();
    List<String> names =
        scraped
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.substring("# TYPE ".length()))
            .toList();
    assertThat(new TreeSet<>(names))
        .containsExactly(
            "relay_config_age_seconds gauge",
            "relay_config_answer_age_seconds gauge",
            "relay_config_changes_total counter",
            "relay_config_consul_reachable gauge",
            "relay_config_index gauge",
            "relay_config_problems gauge",
            "relay_config_read_failures_total counter",
            "relay_config_reads_total counter",
            "relay_config_refused_total counter");
    assertThat(scraped).contains("relay_config_read_failures_total{reason=\"forbidden\"} 0.0");
    double age = registry.get("relay.config.age.seconds").gauge().value();
    assertThat(age).isBetween(90.0, 100.0);
    metrics.close();
    assertThat(registry.getMeters()).isEmpty();
  }
}
