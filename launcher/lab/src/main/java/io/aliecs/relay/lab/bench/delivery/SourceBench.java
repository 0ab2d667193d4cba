package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.lab.bench.figures.History;
import io.aliecs.relay.lab.bench.figures.Latencies;
import io.aliecs.relay.lab.simulate.AliEcsTopics;
import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The way of a real AliECS: from handing its word that a state is entered to a producer, to the
 * message of it being readable with {@code read_committed}, everything else quiet. The broker is a
 * process of its own.
 */
public final class SourceBench {
  private static final String ID = "source";
  private static final int WARM_UP = 300;

  private final AliEcsEvents aliEcs = AliEcsEvents.of(ID, Instant::now);
  private final BenchHost host;
  private final CommittedReader reader;
  private final SourceWriter writer;

  private SourceBench(BenchHost host, CommittedReader reader, SourceWriter writer) {
    this.host = host;
    this.reader = reader;
    this.writer = writer;
  }

  /** Runs it, and adds a line to {@code source.csv}. */
  public static void run(Path history, int changes) throws Exception {
    Path folder = Files.createTempDirectory("source-bench");
    List<String> topics = List.of(Topics.entered(State.CONFIGURED), Topics.entered(State.DEPLOYED));
    try (KafkaProcess kafka = KafkaProcess.start(folder.resolve("kafka"), 0)) {
      String brokers = kafka.bootstrapServers();
      AliEcsTopics.create(brokers, 1);
      try (BenchHost host = BenchHost.following(folder.resolve("journal"), brokers);
          CommittedReader reader = CommittedReader.ofEnvironments(brokers, topics);
          SourceWriter writer = new SourceWriter(brokers)) {
        SourceBench bench = new SourceBench(host, reader, writer);
        bench.create();
        bench.changes(WARM_UP);
        report(new History(history, "source"), bench.changes(changes), changes);
      }
    }
  }

  private void create() throws Exception {
    writer.write(aliEcs.created(new EnvironmentSetup(ID, List.of("ITS"), "PHYSICS", true)));
    writer.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    host.awaitState(ID, State.DEPLOYED);
  }

  private Latencies changes(int count) throws Exception {
    long[] took = new long[count];
    for (int i = 0; i < count; i++) {
      boolean up = aliEcs.state().equals("DEPLOYED");
      AliEcsTransition next = up ? AliEcsTransition.CONFIGURE : AliEcsTransition.RESET;
      List<SimulatedEvent> events = aliEcs.transition(next, FailurePoint.NONE);
      CompletableFuture<Long> read = reader.awaits(ID, 1);
      writer.write(events.subList(0, events.size() - 1));
      long began = System.nanoTime();
      writer.write(events.subList(events.size() - 1, events.size()));
      took[i] = read.get() - began;
    }
    return new Latencies(took);
  }

  private static void report(History history, Latencies times, int changes) throws Exception {
    history.add(
        List.of("changes", "p50_ms", "p99_ms", "max_ms"),
        List.of(
            "" + changes,
            Latencies.text(times.millis(0.5)),
            Latencies.text(times.millis(0.99)),
            Latencies.text(times.millis(1))));
  }
}
