package io.aliecs.relay.web.management;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.web.api.json.ApiJson;
import io.aliecs.relay.web.state.Snapshot;
import io.aliecs.relay.web.state.StateFeed;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Gauges that read the newest state when they are scraped, from any thread; NaN until a state is
 * known.
 */
public final class RelayMetrics {
  private final MeterRegistry registry;
  private final StateFeed feed;
  private final InstantSource clock;
  private final List<Meter> meters = new ArrayList<>();

  /** Registers them. */
  public RelayMetrics(MeterRegistry registry, StateFeed feed, InstantSource clock) {
    this.registry = registry;
    this.feed = feed;
    this.clock = clock;
    for (State state : ApiJson.trackedStates()) {
      add(
          gauge("relay.environments", s -> count(s.state(), state))
              .tag("state", state.name())
              .description("Tracked environments"));
    }
    add(
        gauge("relay.active.runs", s -> count(s.state(), State.RUNNING))
            .description("Active runs, those that are not published too"));
    add(
        gauge("relay.outbox.entries", s -> s.state().outbox().size())
            .description("Changes accepted and not known to be in Kafka yet"));
    add(
        gauge("relay.outbox.oldest.age", this::oldestAge)
            .baseUnit("seconds")
            .description("Age of the oldest change that is not in Kafka yet, 0 without any"));
    add(
        gauge("relay.outbox.parked", s -> s.state().outbox().parked().size())
            .description("Messages that Kafka refuses"));
    add(
        gauge("relay.journal.index", s -> s.changed().index())
            .description("Index of the last journal entry applied on this host"));
    add(
        gauge("relay.plugin.enabled", s -> s.state().settings().pluginEnabled() ? 1 : 0)
            .description("1 when integrationPlugins holds kafka"));
    add(
        Gauge.builder("relay.leading", feed, f -> f.leadership().leading() ? 1 : 0)
            .description("1 on the host that leads"));
  }

  /** Takes the gauges out of the registry. */
  public void close() {
    meters.forEach(registry::remove);
    meters.clear();
  }

  private Gauge.Builder<StateFeed> gauge(String name, ToDoubleFunction<Snapshot> value) {
    return Gauge.builder(
        name,
        feed,
        f -> {
          Snapshot snapshot = f.snapshot();
          return snapshot == null ? Double.NaN : value.applyAsDouble(snapshot);
        });
  }

  private void add(Gauge.Builder<StateFeed> gauge) {
    meters.add(gauge.register(registry));
  }

  private static double count(RelayState relay, State state) {
    return relay.environments().values().stream().filter(e -> e.state() == state).count();
  }

  private double oldestAge(Snapshot snapshot) {
    Long oldest = snapshot.state().outbox().oldestPending();
    return oldest == null ? 0 : Math.max(0, clock.millis() - oldest) / 1_000.0;
  }
}
