package io.aliecs.relay.launcher.verify;

import io.aliecs.relay.launcher.simulate.EnvironmentLife;
import io.aliecs.relay.launcher.simulate.EnvironmentSetup;
import io.aliecs.relay.launcher.simulate.LifeScripts;
import io.aliecs.relay.launcher.simulate.LifeStep;
import io.aliecs.relay.launcher.simulate.SimulatedEvent;
import io.aliecs.relay.proto.events.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Environments that live at random, the same for the same seed, and with each step what the
 * contract demands of it. Pure but for its clock. For one thread at a time.
 */
public final class ScriptedLives {
  private static final double FAILURES = 0.08;
  private static final double UNPUBLISHED = 0.1;

  private final LifeScripts scripts;
  private final Random random;
  private final int environments;
  private final Supplier<Instant> clock;
  private final AtomicLong runNumbers = new AtomicLong(1_000);
  private final List<Live> alive = new ArrayList<>();
  private long events;
  private long markers;

  private record Live(EnvironmentLife life, ExpectedLife expected) {}

  /**
   * A step of one environment.
   *
   * @param events what AliECS writes about it, in order
   * @param changes what readers must be told
   * @param lastOrder order of the last of the events
   */
  public record Step(
      String environmentId,
      List<SimulatedEvent> events,
      List<ExpectedChange> changes,
      long lastOrder) {}

  /**
   * Lives from {@code seed}.
   *
   * @param environments how many at once
   * @param clock read once for each event; never the same instant twice
   */
  public ScriptedLives(long seed, int environments, Supplier<Instant> clock) {
    this.scripts = new LifeScripts(seed, FAILURES, UNPUBLISHED);
    this.random = new Random(seed ^ 0x5EED);
    this.environments = environments;
    this.clock = clock;
  }

  /** The next step of any environment; one that has ended is followed by a new one. */
  public Step next() {
    while (alive.size() < environments) {
      alive.add(live(scripts.environment(detectorsInUse()), scripts.life()));
    }
    Live live = alive.get(random.nextInt(alive.size()));
    Step step = step(live);
    if (!live.life().hasNext()) {
      alive.remove(live);
    }
    return step;
  }

  private Set<String> detectorsInUse() {
    return alive.stream()
        .flatMap(live -> live.life().setup().detectors().stream())
        .collect(Collectors.toSet());
  }

  /** A new environment that nothing else happens to, to see how far the relay has come. */
  public Step marker() {
    markers++;
    EnvironmentSetup setup =
        new EnvironmentSetup("marker-" + markers, List.of("MARKER" + markers), "TECHNICAL", true);
    return step(live(setup, List.of(new LifeStep.Create())));
  }

  private Live live(EnvironmentSetup setup, List<LifeStep> script) {
    return new Live(
        new EnvironmentLife(setup, script, clock, runNumbers::getAndIncrement),
        new ExpectedLife(setup));
  }

  private Step step(Live live) {
    List<SimulatedEvent> written = live.life().next();
    List<ExpectedChange> changes = new ArrayList<>();
    for (SimulatedEvent one : written) {
      events++;
      Event event = one.event();
      if (event.hasEnvironmentEvent()) {
        live.expected()
            .next(events, event.getTimestamp(), event.getEnvironmentEvent())
            .ifPresent(changes::add);
      } else if (event.hasRunEvent()) {
        live.expected().next(event.getTimestamp(), event.getRunEvent());
      }
    }
    return new Step(live.life().setup().environmentId(), written, changes, events);
  }
}
