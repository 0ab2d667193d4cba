package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.simulate.Simulation;
import io.aliecs.relay.lab.simulate.SimulationOptions;
import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long AliECS's event that a run has its number takes to readers of {@code
 * before_start_activity}, whatever the hooks of the start then take: from handing the event to a
 * producer to the announcement being readable with {@code read_committed}. The broker is a process
 * of its own.
 *
 * <p>Adds a line for each length of the hooks to {@code start.csv}, with one environment alone and
 * beside busy ones.
 */
public final class StartBench {
  private static final List<Case> CASES =
      List.of(
          new Case(300, 1, 60, false),
          new Case(8_000, 1, 6, false),
          new Case(140_000, 1, 1, false),
          new Case(300, 4, 25, true),
          new Case(8_000, 10, 6, true),
          new Case(140_000, 20, 1, true));

  private static final int BUSY_ENVIRONMENTS = 8;
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final double BUSY_RATE = 30;
  private static final long FIRST_BUSY_RUN = 900_000;
  private static final long LONGEST_PAUSE_MS = 200;

  /** Of a run: longer than the relay waits for environment events that belong to its start. */
  private static final long RUN_MS = 1_500;

  private final StreamWorkload work;
  private final AtomicInteger names = new AtomicInteger();
  private final AtomicInteger runs = new AtomicInteger();

  /**
   * What is measured together.
   *
   * @param hooksMs from a run's number to the rest of its start
   * @param environments that start runs at the same time, spread over the hooks
   * @param starts of each
   * @param busy whether others go through their lives meanwhile
   */
  private record Case(long hooksMs, int environments, int starts, boolean busy) {}

  private StartBench(StreamWorkload work) {
    this.work = work;
  }

  /**
   * Runs it.
   *
   * @param longestMs longer hooks are left out
   */
  public static void run(Path history, long longestMs) throws Exception {
    try (StreamWorkload work = new StreamWorkload(List.of(Topics.BEFORE_START))) {
      StartBench bench = new StartBench(work);
      bench.measure(new Case(300, 10, 3, false));
      for (Case one : CASES) {
        if (one.hooksMs() <= longestMs) {
          report(new History(history, "start"), one, bench.measure(one));
        }
      }
    }
  }

  private Samples measure(Case one) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(one.environments());
    Samples times = new Samples();
    try (Simulation others = one.busy() ? busy() : null) {
      if (others != null) {
        others.await(SETTLING);
      }
      List<Future<?>> starting = new ArrayList<>();
      for (int i = 0; i < one.environments(); i++) {
        long after = one.hooksMs() * i / one.environments();
        starting.add(
            threads.submit(
                () -> {
                  starts(one, after, times);
                  return null;
                }));
      }
      for (Future<?> each : starting) {
        each.get();
      }
      return times;
    } finally {
      threads.shutdown();
    }
  }

  private Simulation busy() {
    return Simulation.start(
        new SimulationOptions(
            work.brokers(), BUSY_ENVIRONMENTS, BUSY_RATE, 0, 1, 0, 0, FIRST_BUSY_RUN, 1));
  }

  private void starts(Case one, long afterMs, Samples times) throws Exception {
    String id = "start-" + names.incrementAndGet();
    AliEcsEvents aliEcs = AliEcsEvents.of(id, Instant::now);
    work.write(aliEcs.created(new EnvironmentSetup(id, List.of("D" + id), "PHYSICS", true)));
    work.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    work.write(aliEcs.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    TimeUnit.MILLISECONDS.sleep(afterMs);
    for (int i = 0; i < one.starts(); i++) {
      work.awaitState(id, State.CONFIGURED);
      TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MS));
      List<SimulatedEvent> start = aliEcs.startActivity(runs.incrementAndGet(), FailurePoint.NONE);
      int rest = start.indexOf(ofRun(start)) + 1;
      work.write(id, start.subList(0, rest), times);
      TimeUnit.MILLISECONDS.sleep(one.hooksMs());
      work.write(start.subList(rest, start.size()).stream().map(e -> e.at(Instant.now())).toList());
      work.awaitState(id, State.RUNNING);
      TimeUnit.MILLISECONDS.sleep(RUN_MS);
      work.write(aliEcs.transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.NONE));
    }
    work.awaitState(id, State.CONFIGURED);
    work.write(aliEcs.destroyed());
  }

  /** The event that says that the run has its number. */
  private static SimulatedEvent ofRun(List<SimulatedEvent> start) {
    return start.stream()
        .filter(event -> event.topic().equals(SimulatedEvent.RUN_TOPIC))
        .findFirst()
        .orElseThrow();
  }

  private static void report(History history, Case one, Samples times) throws Exception {
    history
        .line()
        .with("hooks_s", one.hooksMs() / 1e3)
        .with("at_once", one.environments())
        .with("beside", one.busy() ? "busy" : "none")
        .with("starts", (long) one.environments() * one.starts())
        .with("p50_ms", times.quantile(0.5))
        .with("p99_ms", times.quantile(0.99))
        .with("max_ms", times.quantile(1))
        .add();
  }
}
