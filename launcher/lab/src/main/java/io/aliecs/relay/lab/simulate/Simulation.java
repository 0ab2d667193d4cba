package io.aliecs.relay.lab.simulate;

import io.aliecs.relay.lab.simulate.events.EnvironmentLife;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.lab.simulate.events.LifeScripts;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.proto.events.Ev_RunEvent;
import io.aliecs.relay.proto.events.OpStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lives of environments, written to Kafka as AliECS writes them, at a rate, on a thread of its own.
 *
 * <p>Thread-safe. Starting and closing block: not for event loops.
 */
public final class Simulation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Simulation.class);
  private static final double FOREIGN_EVENTS = 0.2;
  private static final long CLOSE_SECONDS = 10;

  private final SimulationOptions options;
  private final SimulatedCore core;
  private final EventProducer producer;
  private final LifeScripts scripts;
  private final Random random;
  private final Clock clock = Clock.systemUTC();
  private final AtomicLong nextRunNumber;
  private final AtomicLong transitions = new AtomicLong();
  private final AtomicLong livesEnded = new AtomicLong();
  private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private volatile boolean stopping;

  // Touched by the simulation's thread only.
  private final List<EnvironmentLife> alive = new ArrayList<>();
  private final Queue<Starting> starting = new ArrayDeque<>();
  private long livesBegun;

  /** An environment whose hooks of START_ACTIVITY are under way, and when they are through. */
  private record Starting(EnvironmentLife life, List<SimulatedEvent> rest, long due) {}

  private Simulation(SimulationOptions options, SimulatedCore core, EventProducer producer) {
    this.options = options;
    this.core = core;
    this.producer = producer;
    this.scripts =
        new LifeScripts(
            options.seed(),
            options.failures(),
            options.unpublished(),
            options.extras().housekeeping());
    this.random = new Random(options.seed() ^ 0x5EED);
    this.nextRunNumber = new AtomicLong(options.firstRunNumber());
  }

  /**
   * Creates the topics where they are missing and starts.
   *
   * @throws IllegalStateException when the brokers cannot be reached or refuse, within 10 s
   */
  public static Simulation start(SimulationOptions options) {
    return start(options, SimulatedCore.NONE);
  }

  /**
   * Likewise, and has its core remember what it has.
   *
   * @param core changed on the thread of the simulation
   */
  public static Simulation start(SimulationOptions options, SimulatedCore core) {
    Simulation simulation = new Simulation(options, core, EventProducer.open(options));
    Thread thread = new Thread(simulation::run, "simulation");
    thread.setDaemon(true);
    thread.start();
    return simulation;
  }

  /** Transitions made so far, creations and destructions counted. */
  public long transitions() {
    return transitions.get();
  }

  /** Lives that are over. */
  public long livesEnded() {
    return livesEnded.get();
  }

  /** Records that Kafka has acknowledged. */
  public long acknowledged() {
    return producer.acknowledged();
  }

  /** Records that Kafka has not taken in time; the first failure is logged. */
  public long failed() {
    return producer.failed();
  }

  /** Waits for the last life to end and all records to be written; true when that is so. */
  public boolean await(Duration atMost) throws InterruptedException {
    return stopped.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Stops, with environments left in whatever state they are in, and writes what is buffered. */
  @Override
  public void close() {
    stopping = true;
    commands.add(() -> {});
    try {
      if (!stopped.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn(
            "Simulation did not stop within {} s: Kafka does not take its records", CLOSE_SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The core crashes and starts anew: its environments are gone, and no event says so. */
  public void restartCore() {
    commands.add(this::startCore);
  }

  private void run() {
    try (producer) {
      long start = System.nanoTime();
      double nanosPerTransition = TimeUnit.SECONDS.toNanos(1) / options.rate();
      startCore();
      while (!alive.isEmpty() || !starting.isEmpty()) {
        long due = start + (long) (transitions.get() * nanosPerTransition);
        if (!obey(due)) {
          return;
        }
        if (!alive.isEmpty()) {
          step();
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  /** Does what is asked for and what has become due until then; false when it is to stop. */
  private boolean obey(long due) throws InterruptedException {
    while (true) {
      if (stopping) {
        return false;
      }
      Starting first = starting.peek();
      boolean hooksFirst = first != null && (alive.isEmpty() || first.due() - due < 0);
      long left = (hooksFirst ? first.due() : due) - System.nanoTime();
      Runnable command = commands.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
      if (command != null) {
        command.run();
      } else if (hooksFirst) {
        started(starting.remove());
      } else {
        return true;
      }
    }
  }

  private void startCore() {
    alive.clear();
    starting.clear();
    core.clear();
    producer.send(ForeignEvents.coreStarted(clock.instant()));
    populate();
  }

  private void populate() {
    while (alive.size() + starting.size() < options.environments()
        && (options.count() == 0 || livesBegun < options.count())) {
      EnvironmentSetup setup = scripts.environment(detectorsInUse());
      alive.add(
          new EnvironmentLife(
              setup, scripts.life(), clock::instant, nextRunNumber::getAndIncrement));
      livesBegun++;
    }
  }

  private Set<String> detectorsInUse() {
    return Stream.concat(alive.stream(), starting.stream().map(Starting::life))
        .flatMap(life -> life.setup().detectors().stream())
        .collect(Collectors.toSet());
  }

  private void step() {
    if (happens(options.extras().coreRestarts())) {
      startCore();
    } else {
      step(alive.get(random.nextInt(alive.size())));
    }
    transitions.incrementAndGet();
  }

  private void step(EnvironmentLife life) {
    String before = life.state();
    List<SimulatedEvent> events = life.next();
    int numbered = numbered(events);
    if (numbered > 0 && !options.extras().startHooks().isZero()) {
      core.put(life.setup(), before, life.runNumber(), "START_ACTIVITY");
      write(life, events.subList(0, numbered));
      long due = System.nanoTime() + options.extras().startHooks().toNanos();
      starting.add(new Starting(life, List.copyOf(events.subList(numbered, events.size())), due));
      alive.remove(life);
      return;
    }
    remember(life);
    if (!life.state().equals("DONE") || !happens(options.extras().lostEnds())) {
      write(life, events);
    }
    ended(life);
  }

  /** How many events are written until the run has its number; 0 when none is started. */
  private static int numbered(List<SimulatedEvent> events) {
    for (int i = 0; i < events.size(); i++) {
      Ev_RunEvent run = events.get(i).event().getRunEvent();
      if (run.getTransition().equals("START_ACTIVITY")
          && run.getTransitionStatus() == OpStatus.STARTED) {
        return i + 1;
      }
    }
    return 0;
  }

  /** The hooks of a start are through. */
  private void started(Starting start) {
    alive.add(start.life());
    remember(start.life());
    write(start.life(), start.rest().stream().map(event -> event.at(clock.instant())).toList());
    ended(start.life());
  }

  private void remember(EnvironmentLife life) {
    String state = life.state();
    if (state.equals("DONE")) {
      core.remove(life.setup().environmentId());
    } else if (!state.equals("PENDING")) {
      core.put(life.setup(), state, life.runNumber(), "");
    }
  }

  private void write(EnvironmentLife life, List<SimulatedEvent> events) {
    for (SimulatedEvent event : events) {
      producer.send(event);
      if (random.nextDouble() < FOREIGN_EVENTS) {
        producer.send(ForeignEvents.any(random, life.setup().environmentId(), clock.instant()));
      }
    }
  }

  private void ended(EnvironmentLife life) {
    if (!life.hasNext()) {
      alive.remove(life);
      livesEnded.incrementAndGet();
      populate();
    }
  }

  private boolean happens(double probability) {
    return probability > 0 && random.nextDouble() < probability;
  }
}
