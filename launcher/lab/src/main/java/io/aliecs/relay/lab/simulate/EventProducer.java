package io.aliecs.relay.lab.simulate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes {@link SimulatedEvent}s, each key's in order. Thread-safe. */
final class EventProducer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventProducer.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final KafkaProducer<byte[], byte[]> producer;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();

  private EventProducer(KafkaProducer<byte[], byte[]> producer) {
    this.producer = producer;
  }

  /**
   * Connects and creates the topics where they are missing.
   *
   * @throws IllegalStateException when the brokers cannot be reached or refuse
   */
  static EventProducer open(SimulationOptions options) {
    String brokers = options.bootstrapServers();
    AliEcsTopics.create(brokers, options.partitions());
    try {
      return new EventProducer(
          new KafkaProducer<>(
              Map.of(
                  "bootstrap.servers",
                  brokers,
                  "acks",
                  "all",
                  // With more in flight a fresh partition can refuse the first batch and take the
                  // second.
                  "max.in.flight.requests.per.connection",
                  1,
                  "linger.ms",
                  0,
                  "max.block.ms",
                  30_000),
              new ByteArraySerializer(),
              new ByteArraySerializer()));
    } catch (KafkaException refused) {
      throw AliEcsTopics.unreached(brokers, refused);
    }
  }

  /** Hands an event over; waits only while Kafka is away and the buffer full, 30 s at most. */
  void send(SimulatedEvent event) {
    String key = event.key();
    ProducerRecord<byte[], byte[]> sent =
        new ProducerRecord<>(
            event.topic(),
            key == null ? null : key.getBytes(StandardCharsets.UTF_8),
            event.event().toByteArray());
    try {
      var unused = producer.send(sent, (metadata, error) -> count(error));
    } catch (KafkaException refused) {
      count(refused);
    }
  }

  long acknowledged() {
    return acknowledged.get();
  }

  long failed() {
    return failed.get();
  }

  /** Waits up to 5 s for what was handed over. */
  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }

  private void count(@Nullable Exception error) {
    if (error == null) {
      acknowledged.incrementAndGet();
    } else if (failed.incrementAndGet() == 1) {
      LOG.warn("Kafka did not take a simulated event: {}", error.getMessage());
    }
  }
}
