package io.aliecs.relay.config;

import io.aliecs.relay.consul.ConsulOptions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The metrics of what is in force and what is wrong with it, {@code relay_config_*}. Counted on the
 * verticle's context, read from any thread.
 */
final class ConfigMetrics {

  private final MeterRegistry registry;
  private final List<Meter> meters = new ArrayList<>();
  private final Map<String, Counter> refused = new HashMap<>();
  private final Counter changes;
  private final Supplier<SettingsState> ledger;

  /** Registers them all; gauges look at the ledger whenever they are read. */
  ConfigMetrics(MeterRegistry registry, Supplier<SettingsState> ledger) {
    this.registry = registry;
    this.ledger = ledger;
    for (String key : List.of(ConsulOptions.SETTINGS_KEY, ConsulOptions.KAFKA_ENABLED_KEY)) {
      refused.put(key, counter("relay.config.refused", "Values that were refused", "key", key));
    }
    changes = counter("relay.config.changes", "Settings that came into force");
    String index = "ModifyIndex of the value in force";
    gauge(
        "relay.config.index",
        index,
        l -> l.settings().settingsIndex(),
        "key",
        ConsulOptions.SETTINGS_KEY);
    gauge(
        "relay.config.index",
        index,
        l -> l.settings().kafkaEnabledIndex(),
        "key",
        ConsulOptions.KAFKA_ENABLED_KEY);
    gauge(
        "relay.config.problems",
        "Things wrong with the settings in Consul right now",
        l -> l.problems().size());
    gauge(
        "relay.config.consul.reachable",
        "1 when Consul answered the last time it was asked, 0 when not",
        l -> l.reachable() ? 1 : 0);
    age(
        "relay.config.age",
        "Time since the settings in force came into force",
        SettingsState::sinceMs);
    age(
        "relay.config.answer.age",
        "Time since the last usable answer of Consul",
        SettingsState::lastAnswerMs);
  }

  private Counter counter(String name, String description, String... tags) {
    Counter counter = Counter.builder(name).description(description).tags(tags).register(registry);
    meters.add(counter);
    return counter;
  }

  private void gauge(
      String name, String description, ToDoubleFunction<SettingsState> value, String... tags) {
    meters.add(
        Gauge.builder(name, ledger, l -> value.applyAsDouble(l.get()))
            .description(description)
            .tags(tags)
            .strongReference(true)
            .register(registry));
  }

  private void age(String name, String description, ToDoubleFunction<SettingsState> sinceMs) {
    meters.add(
        TimeGauge.builder(
                name,
                ledger,
                TimeUnit.MILLISECONDS,
                l -> Math.max(0, System.currentTimeMillis() - sinceMs.applyAsDouble(l.get())))
            .description(description)
            .strongReference(true)
            .register(registry));
  }

  /** A new value of a key was refused. */
  void refused(String key) {
    Objects.requireNonNull(refused.get(key)).increment();
  }

  /** New settings came into force. */
  void changed() {
    changes.increment();
  }

  /** Takes them all out of the registry. */
  void close() {
    meters.forEach(registry::remove);
  }
}
