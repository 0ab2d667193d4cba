package io.aliecs.relay.config;

import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulException.Reason;
import io.aliecs.relay.consul.ConsulOptions;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of what is in force, what is wrong with it and how Consul answers, {@code
 * relay_config_*}. Counted on the verticle's context, read from any thread.
 */
final class ConfigMetrics {

  private final MeterRegistry registry;
  private final Supplier<SettingsState> state;
  private final Set<Meter> meters = new HashSet<>();

  /** Registers them all; gauges look at the state whenever they are read. */
  ConfigMetrics(MeterRegistry registry, Supplier<SettingsState> state) {
    this.registry = registry;
    this.state = state;
    for (String key : ConsulOptions.KEYS) {
      reads(key);
      refused(key);
      gauge(
          "relay.config.index",
          "ModifyIndex of the value in force",
          s ->
              key.equals(ConsulOptions.SETTINGS_KEY)
                  ? s.settings().settingsIndex()
                  : s.settings().kafkaEnabledIndex(),
          "key",
          key);
    }
    for (Reason reason : Reason.values()) {
      failures(reason);
    }
    changes();
    gauge(
        "relay.config.problems",
        "Things wrong with the settings in Consul right now",
        s -> s.problems().size());
    gauge(
        "relay.config.consul.reachable",
        "1 when Consul answered the last time it was asked, 0 when not",
        s -> s.reachable() ? 1 : 0);
    gauge(
        "relay.config.age.seconds",
        "Time since the settings in force came into force",
        s -> secondsSince(s.sinceMs()));
    gauge(
        "relay.config.answer.age.seconds",
        "Time since the last usable answer of Consul",
        s -> secondsSince(s.lastAnswerMs()));
  }

  /** New values of a key that were refused. */
  Counter refused(String key) {
    return kept(registry.counter("relay.config.refused", "key", key));
  }

  /** New settings that came into force. */
  Counter changes() {
    return kept(registry.counter("relay.config.changes"));
  }

  /** Counts an answer of Consul about some keys, or a request that failed. */
  void asked(List<String> keys, @Nullable ConsulException failure) {
    if (failure == null) {
      keys.forEach(key -> reads(key).increment());
    } else {
      failures(failure.reason()).increment();
    }
  }

  private Counter reads(String key) {
    return kept(registry.counter("relay.config.reads", "key", key));
  }

  private Counter failures(Reason reason) {
    return kept(registry.counter("relay.config.read.failures", "reason", reason.label()));
  }

  private void gauge(
      String name, String description, ToDoubleFunction<SettingsState> value, String... tags) {
    kept(
        Gauge.builder(name, () -> value.applyAsDouble(state.get()))
            .description(description)
            .tags(tags)
            .strongReference(true)
            .register(registry));
  }

  private static double secondsSince(long momentMs) {
    return Math.max(0, System.currentTimeMillis() - momentMs) / 1_000.0;
  }

  private <M extends Meter> M kept(M meter) {
    meters.add(meter);
    return meter;
  }

  /** Takes them all out of the registry. */
  void close() {
    meters.forEach(registry::remove);
  }
}
