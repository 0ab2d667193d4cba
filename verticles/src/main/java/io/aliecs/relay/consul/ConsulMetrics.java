package io.aliecs.relay.consul;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** What is counted about asking Consul. Counted on one context, read from any thread. */
public final class ConsulMetrics {

  private final MeterRegistry registry;
  private final Map<String, Counter> reads = new HashMap<>();
  private final Map<ConsulException.Reason, Counter> failures =
      new EnumMap<>(ConsulException.Reason.class);
  private final Counter listenerFailures;

  /** Registers them all. */
  public ConsulMetrics(MeterRegistry registry, List<String> keys) {
    this.registry = registry;
    for (String key : keys) {
      reads.put(
          key, counter("relay.config.reads", "Answers about a key that were usable", "key", key));
    }
    for (ConsulException.Reason reason : ConsulException.Reason.values()) {
      failures.put(
          reason,
          counter(
              "relay.config.read.failures",
              "Requests to Consul that failed",
              "reason",
              reason.label()));
    }
    listenerFailures = counter("relay.config.listener.failures", "Listeners that threw");
  }

  private Counter counter(String name, String description, String... tags) {
    return Counter.builder(name).description(description).tags(tags).register(registry);
  }

  /** Consul answered about a key. */
  void read(String key) {
    Objects.requireNonNull(reads.get(key)).increment();
  }

  /** A request failed. */
  void failed(ConsulException.Reason reason) {
    Objects.requireNonNull(failures.get(reason)).increment();
  }

  /** A listener threw. */
  void listenerFailed() {
    listenerFailures.increment();
  }

  /** Takes them all out of the registry. */
  public void close() {
    Stream.of(reads.values(), failures.values(), List.of(listenerFailures))
        .flatMap(counters -> counters.stream())
        .forEach(registry::remove);
  }
}
