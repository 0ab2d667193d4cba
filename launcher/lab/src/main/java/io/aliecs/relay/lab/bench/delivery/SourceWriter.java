package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes AliECS's events to its topics, each at once. Thread-safe. */
final class SourceWriter implements AutoCloseable {
  private final KafkaProducer<byte[], byte[]> producer;

  SourceWriter(String bootstrapServers) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  void write(List<SimulatedEvent> events) {
    for (SimulatedEvent event : events) {
      byte[] key = String.valueOf(event.key()).getBytes(StandardCharsets.UTF_8);
      var unused =
          producer.send(new ProducerRecord<>(event.topic(), key, event.event().toByteArray()));
    }
  }

  @Override
  public void close() {
    producer.close();
  }
}
