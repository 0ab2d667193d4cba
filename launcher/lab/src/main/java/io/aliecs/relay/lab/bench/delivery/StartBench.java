package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Latencies;
import io.aliecs.relay.lab.simulate.AliEcsTopics;
import io.aliecs.relay.lab.simulate.Simulation;
import io.aliecs.relay.lab.simulate.SimulationOptions;
import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * How long AliECS's word that a run has its number takes to readers of {@code
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

  private final BenchHost host;
  private final CommittedReader reader;
  private final String brokers;
  private final SourceWriter writer;
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

  private StartBench(BenchHost host, CommittedReader reader, String brokers, SourceWriter writer) {
    this.host = host;
    this.reader = reader;
    this.brokers = brokers;
    this.writer = writer;
  }

  /**
   * Runs it.
   *
   * @param longestMs longer hooks are left out
   */
  public static void run(Path history, long longestMs) throws Exception {
    Path folder = Files.createTempDirectory("start-bench");
    try (KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"), 0)) {
      String brokers = kafka.bootstrapServers();
      AliEcsTopics.create(brokers, 1);
      try (BenchHost host = BenchHost.following(folder.resolve("journal"), brokers);
          CommittedReader reader =
              CommittedReader.ofEnvironments(brokers, List.of(Topics.BEFORE_START));
          SourceWriter writer = new SourceWriter(brokers)) {
        StartBench bench = new StartBench(host, reader, brokers, writer);
        bench.measure(new Case(300, 10, 3, false));
        for (Case one : CASES) {
          if (one.hooksMs() <= longestMs) {
            report(new History(history, "start"), one, bench.measure(one));
          }
        }
      }
    }
  }

  private Latencies measure(Case one) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(one.environments());
    try (Simulation others = one.busy() ? busy() : null) {
      if (others != null) {
        others.await(SETTLING);
      }
      List<Future<long[]>> under = new ArrayList<>();
      for (int i = 0; i < one.environments(); i++) {
        long after = one.hooksMs() * i / one.environments();
        under.add(threads.submit(() -> starts(one, after)));
      }
      List<Long> took = new ArrayList<>();
      for (Future<long[]> each : under) {
        for (long time : each.get()) {
          took.add(time);
        }
      }
      return new Latencies(took.stream().mapToLong(time -> time).toArray());
    } finally {
      threads.shutdown();
    }
  }

  private Simulation busy() {
    return Simulation.start(
        new SimulationOptions(
            brokers, BUSY_ENVIRONMENTS, BUSY_RATE, 0, 1, 0, 0, FIRST_BUSY_RUN, 1));
  }

  private long[] starts(Case one, long afterMs) throws Exception {
    String id = "start-" + names.incrementAndGet();
    AliEcsEvents aliEcs = AliEcsEvents.of(id, Instant::now);
    writer.write(aliEcs.created(new EnvironmentSetup(id, List.of("D" + id), "PHYSICS", true)));
    writer.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    writer.write(aliEcs.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    pause(afterMs);
    long[] took = new long[one.starts()];
    for (int i = 0; i < took.length; i++) {
      host.awaitState(id, State.CONFIGURED);
      pause(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_MS));
      List<SimulatedEvent> start = aliEcs.startActivity(runs.incrementAndGet(), FailurePoint.NONE);
      int rest = start.indexOf(ofRun(start)) + 1;
      CompletableFuture<Long> read = reader.awaits(id, 1);
      writer.write(start.subList(0, rest - 1));
      long began = System.nanoTime();
      writer.write(start.subList(rest - 1, rest));
      took[i] = read.get() - began;
      pause(one.hooksMs());
      writer.write(
          start.subList(rest, start.size()).stream().map(e -> e.at(Instant.now())).toList());
      host.awaitState(id, State.RUNNING);
      pause(RUN_MS);
      writer.write(aliEcs.transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.NONE));
    }
    host.awaitState(id, State.CONFIGURED);
    writer.write(aliEcs.destroyed());
    return took;
  }

  /** The event that says that the run has its number. */
  private static SimulatedEvent ofRun(List<SimulatedEvent> start) {
    return start.stream()
        .filter(event -> event.topic().equals(SimulatedEvent.RUN_TOPIC))
        .findFirst()
        .orElseThrow();
  }

  private static void pause(long ms) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ms);
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  private static void report(History history, Case one, Latencies times) throws Exception {
    history.add(
        List.of("hooks_s", "at_once", "beside", "starts", "p50_ms", "p99_ms", "max_ms"),
        List.of(
            Latencies.text(one.hooksMs() / 1e3),
            "" + one.environments(),
            one.busy() ? "busy" : "none",
            "" + one.environments() * one.starts(),
            Latencies.text(times.millis(0.5)),
            Latencies.text(times.millis(0.99)),
            Latencies.text(times.millis(1))));
  }
}
