package io.aliecs.relay.lab.bench.delivery;

import io.aliecs.relay.domain.message.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A {@code read_committed} consumer that tells when all records of a change were readable, on the
 * clock of {@link System#nanoTime}. Thread-safe.
 */
final class CommittedReader implements AutoCloseable {
  /** Name of the thread that reads. */
  static final String THREAD = "bench-reader";

  private static final long PATIENCE_S = 60;

  private final KafkaConsumer<String, byte[]> consumer;
  private final Thread thread = new Thread(this::run, THREAD);
  private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();
  private final Map<String, ConsumerRecord<String, byte[]>> newest = new ConcurrentHashMap<>();
  private final AtomicLong read = new AtomicLong();

  private CommittedReader(KafkaConsumer<String, byte[]> consumer) {
    this.consumer = consumer;
  }

  /** Reads these topics, which have one partition each, from their ends on. */
  static CommittedReader start(String bootstrapServers, List<String> topics) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", bootstrapServers);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    config.put("auto.offset.reset", "latest");
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
    List<TopicPartition> partitions = topics.stream().map(t -> new TopicPartition(t, 0)).toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    CommittedReader reader = new CommittedReader(consumer);
    reader.thread.setDaemon(true);
    reader.thread.start();
    return reader;
  }

  /**
   * Ends with the moment when so many records with that cause were readable; an announcement of a
   * run goes by its environment in place of a cause.
   */
  CompletableFuture<Long> awaits(String cause, int records) {
    Awaited one = new Awaited(new AtomicLong(records), new CompletableFuture<>());
    awaited.put(cause, one);
    return one.moment().orTimeout(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** How many records were read so far. */
  long count() {
    return read.get();
  }

  /** The newest record of a topic; something must have been read of it. */
  ConsumerRecord<String, byte[]> newest(String topic) {
    ConsumerRecord<String, byte[]> found = newest.get(topic);
    if (found == null) {
      throw new IllegalStateException(topic + ": nothing was read (expected: a record)");
    }
    return found;
  }

  private void run() {
    try {
      while (true) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          take(record, System.nanoTime());
        }
      }
    } catch (WakeupException closed) {
      consumer.close();
    }
  }

  private void take(ConsumerRecord<String, byte[]> record, long now) {
    read.incrementAndGet();
    newest.put(record.topic(), record);
    Header cause = record.headers().lastHeader("ce_cause");
    if (record.topic().equals(Topics.BEFORE_START)) {
      read(record.key(), now);
    } else if (cause != null) {
      read(new String(cause.value(), StandardCharsets.UTF_8), now);
    }
  }

  private void read(String id, long now) {
    Awaited one = awaited.get(id);
    if (one != null && one.left().decrementAndGet() == 0) {
      awaited.remove(id);
      one.moment().complete(now);
    }
  }

  @Override
  public void close() {
    consumer.wakeup();
  }

  private record Awaited(AtomicLong left, CompletableFuture<Long> moment) {}
}
