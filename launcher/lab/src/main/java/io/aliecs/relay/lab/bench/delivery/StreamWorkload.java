package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.simulate.AliEcsTopics;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.testkit.kafka.KafkaProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Events on AliECS's stream, which a control host in this process follows, and a reader of what it
 * publishes. The broker is a process of its own. Thread-safe.
 */
final class StreamWorkload implements AutoCloseable {
  private final KafkaProcess kafka;
  private final BenchHost host;
  private final CommittedReader reader;
  private final KafkaProducer<byte[], byte[]> producer;

  /**
   * Starts all of it.
   *
   * @param topics that are read
   */
  StreamWorkload(List<String> topics) throws Exception {
    Path folder = Files.createTempDirectory("stream-bench");
    kafka = KafkaProcess.start(folder.resolve("kafka"), 0);
    AliEcsTopics.create(brokers(), 1);
    host = BenchHost.following(folder.resolve("journal"), brokers());
    reader = CommittedReader.ofEnvironments(brokers(), topics);
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", brokers(), "acks", "all", "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  String brokers() {
    return kafka.bootstrapServers();
  }

  /** Writes events, each at once. */
  void write(List<SimulatedEvent> events) {
    for (SimulatedEvent event : events) {
      var unused =
          producer.send(
              new ProducerRecord<>(event.topic(), event.keyBytes(), event.event().toByteArray()));
    }
  }

  /**
   * Writes events and waits for a message about their environment.
   *
   * @param times to which the time is added from handing the last event over to reading the message
   */
  void write(String environmentId, List<SimulatedEvent> events, Samples times) throws Exception {
    CompletableFuture<Long> read = reader.awaits(environmentId, 1);
    int last = events.size() - 1;
    write(events.subList(0, last));
    long began = System.nanoTime();
    write(events.subList(last, last + 1));
    times.add(began, read.get());
  }

  /** Waits until the host has that environment in that state. */
  void awaitState(String environmentId, State state) throws InterruptedException {
    host.awaitState(environmentId, state);
  }

  @Override
  public void close() throws TimeoutException {
    producer.close();
    reader.close();
    host.close();
    kafka.close();
  }
}
