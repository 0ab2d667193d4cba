package io.aliecs.relay.launcher.simulate;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
  private final EventProducer producer;
  private final LifeScripts scripts;
  private final Random random;
  private final Clock clock = Clock.systemUTC();
  private final AtomicLong nextRunNumber;
  private final AtomicLong transitions = new AtomicLong();
  private final AtomicLong livesEnded = new AtomicLong();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  // Touched by the simulation's thread only.
  private final List<EnvironmentLife> alive = new ArrayList<>();
  private long livesBegun;

  private Simulation(SimulationOptions options, EventProducer producer) {
    this.options = options;
    this.producer = producer;
    this.scripts = new LifeScripts(options.seed(), options.failures(), options.unpublished());
    this.random = new Random(options.seed() ^ 0x5EED);
    this.nextRunNumber = new AtomicLong(options.firstRunNumber());
  }

  /**
   * Creates the topics where they are missing and starts.
   *
   * @throws IllegalStateException when the brokers cannot be reached or refuse, within 10 s
   */
  public static Simulation start(SimulationOptions options) {
    Simulation simulation = new Simulation(options, EventProducer.open(options));
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
    stopping.countDown();
    try {
      if (!stopped.await(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn(
            "Simulation did not stop within {} s: Kafka does not take its records", CLOSE_SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (producer) {
      long start = System.nanoTime();
      double nanosPerTransition = TimeUnit.SECONDS.toNanos(1) / options.rate();
      populate();
      while (!alive.isEmpty()) {
        long due = start + (long) (transitions.get() * nanosPerTransition);
        if (stopping.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
        step(alive.get(random.nextInt(alive.size())));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.countDown();
    }
  }

  private void populate() {
    while (alive.size() < options.environments()
        && (options.count() == 0 || livesBegun < options.count())) {
      EnvironmentSetup setup = scripts.environment();
      alive.add(
          new EnvironmentLife(
              setup, scripts.life(), clock::instant, nextRunNumber::getAndIncrement));
      livesBegun++;
    }
  }

  private void step(EnvironmentLife life) {
    for (SimulatedEvent event : life.next()) {
      producer.send(event);
      if (random.nextDouble() < FOREIGN_EVENTS) {
        producer.send(ForeignEvents.any(random, life.setup().environmentId(), clock.instant()));
      }
    }
    transitions.incrementAndGet();
    if (!life.hasNext()) {
      alive.remove(life);
      livesEnded.incrementAndGet();
      populate();
    }
  }
}
