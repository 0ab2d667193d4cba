package io.aliecs.relay.lab.bench.delivery;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What is the least that exactly once costs: a transactional producer that writes the same records,
 * and keeps no journal, no order between hosts and no account of what it has sent.
 */
final class BareProducer implements AutoCloseable {
  private final KafkaProducer<String, byte[]> producer;

  BareProducer(String bootstrapServers) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers);
    config.put("transactional.id", "bench-bare");
    config.put("linger.ms", 0);
    config.put("batch.size", 256 * 1024);
    config.put("acks", "all");
    producer = new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  /** Sends copies of these records once for each cause, all as one transaction. */
  void send(List<ConsumerRecord<String, byte[]>> records, List<String> causes) {
    producer.beginTransaction();
    for (String cause : causes) {
      for (ConsumerRecord<String, byte[]> record : records) {
        var unused = producer.send(copy(record, cause));
      }
    }
    producer.commitTransaction();
  }

  private static ProducerRecord<String, byte[]> copy(
      ConsumerRecord<String, byte[]> record, String cause) {
    ProducerRecord<String, byte[]> copy =
        new ProducerRecord<>(record.topic(), record.key(), record.value());
    Headers headers = copy.headers();
    for (Header header : record.headers()) {
      boolean isCause = header.key().equals("ce_cause");
      headers.add(header.key(), isCause ? cause.getBytes(StandardCharsets.UTF_8) : header.value());
    }
    return copy;
  }

  @Override
  public void close() {
    producer.close();
  }
}
