package io.aliecs.relay.lab.verify.load;

import io.aliecs.relay.lab.simulate.SimulatedCore;
import io.aliecs.relay.lab.simulate.events.EnvironmentLife;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.lab.simulate.events.LifeScripts;
import io.aliecs.relay.lab.simulate.events.LifeStep;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLife;
import io.aliecs.relay.proto.events.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
  private final SimulatedCore core;
  private final AtomicLong runNumbers = new AtomicLong(1_000);
  private final List<Live> alive = new ArrayList<>();
  private final List<Live> markers = new ArrayList<>();
  private long events;
  private long marked;

  private record Live(EnvironmentLife life, ExpectedLife expected) {}

  /**
   * A step of one environment, or of AliECS's core.
   *
   * @param environmentId empty with a step of the core
   * @param events what AliECS writes about it, in order
   * @param changes what readers must receive
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
   * @param core has each environment before the events of its step are returned
   */
  public ScriptedLives(long seed, int environments, Supplier<Instant> clock, SimulatedCore core) {
    this.core = core;
    this.scripts = new LifeScripts(seed, FAILURES, UNPUBLISHED);
    this.random = new Random(seed ^ 0x5EED);
    this.environments = environments;
    this.clock = clock;
  }

  /** The next step of any environment; one that has ended is followed by a new one. */
  public Step next() {
    Live live = any();
    Step step = step(live, live.life().next());
    if (!live.life().hasNext()) {
      alive.remove(live);
    }
    return step;
  }

  private Live any() {
    while (alive.size() < environments) {
      alive.add(live(scripts.environment(detectorsInUse()), scripts.life()));
    }
    return alive.get(random.nextInt(alive.size()));
  }

  /** The core dies somewhere in the next step; only {@link #startCore} comes after it. */
  public Step crash() {
    Live live = any();
    List<SimulatedEvent> whole = live.life().next();
    Step cut = step(live, whole.subList(0, random.nextInt(whole.size() + 1)));
    List<ExpectedChange> changes = new ArrayList<>(cut.changes());
    live.expected().cut().ifPresent(changes::add);
    return new Step(cut.environmentId(), cut.events(), changes, cut.lastOrder());
  }

  /** A core starts, and has no environment: those of the one before end, in the order of ids. */
  public Step startCore() {
    SimulatedEvent start = ForeignEvents.coreStarted(clock.get());
    List<ExpectedChange> changes = new ArrayList<>();
    Stream.concat(alive.stream(), markers.stream())
        .sorted(Comparator.comparing(live -> live.life().setup().environmentId()))
        .forEach(
            live -> {
              events++;
              live.expected().gone(events, start.event().getTimestamp()).ifPresent(changes::add);
            });
    alive.clear();
    markers.clear();
    core.clear();
    return new Step("", List.of(start), changes, events);
  }

  private Set<String> detectorsInUse() {
    return alive.stream()
        .flatMap(live -> live.life().setup().detectors().stream())
        .collect(Collectors.toSet());
  }

  /** A new environment that nothing else happens to, to see how far the relay has come. */
  public Step marker() {
    marked++;
    EnvironmentSetup setup =
        new EnvironmentSetup("marker-" + marked, List.of("MARKER" + marked), "TECHNICAL", true);
    Live marker = live(setup, List.of(new LifeStep.Create()));
    markers.add(marker);
    return step(marker, marker.life().next());
  }

  private Live live(EnvironmentSetup setup, List<LifeStep> script) {
    return new Live(
        new EnvironmentLife(setup, script, clock, runNumbers::getAndIncrement),
        new ExpectedLife(setup));
  }

  private Step step(Live live, List<SimulatedEvent> written) {
    remember(live.life(), written);
    List<ExpectedChange> changes = new ArrayList<>();
    for (SimulatedEvent one : written) {
      events++;
      Event event = one.event();
      if (event.hasEnvironmentEvent()) {
        live.expected()
            .next(events, event.getTimestamp(), event.getEnvironmentEvent())
            .ifPresent(changes::add);
      } else if (event.hasRunEvent()) {
        live.expected().next(events, event.getTimestamp(), event.getRunEvent());
      }
    }
    return new Step(live.life().setup().environmentId(), written, changes, events);
  }

  private void remember(EnvironmentLife life, List<SimulatedEvent> written) {
    SimulatedEvent last = written.isEmpty() ? null : written.get(written.size() - 1);
    boolean unreleased =
        last != null && last.event().getEnvironmentEvent().getState().equals("DONE");
    switch (life.state()) {
      case "DONE" -> core.remove(life.setup().environmentId());
      case "PENDING" -> {} // the core has none until its workflow is loaded
      default ->
          core.put(
              life.setup(),
              unreleased ? "DONE" : life.state(), // it keeps tasks that cannot be released
              life.state().equals("RUNNING") ? life.runNumber() : 0,
              "");
    }
  }
}
