package io.aliecs.relay.lab.bench.delivery;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * A {@code read_committed} consumer that reports when all records of a change were readable, on the
 * clock of {@link System#nanoTime}. Thread-safe.
 */
public final class CommittedReader implements AutoCloseable {
  /** Name of the thread that reads. */
  static final String THREAD = "bench-reader";

  private static final long PATIENCE_S = 60;

  private final KafkaConsumer<String, byte[]> consumer;
  private final Thread thread = new Thread(this::run, THREAD);
  private final Map<String, Awaited> awaited = new ConcurrentHashMap<>();
  private final Map<String, ConsumerRecord<String, byte[]>> newest = new ConcurrentHashMap<>();
  private final AtomicLong read = new AtomicLong();

  private final Function<ConsumerRecord<String, byte[]>, @Nullable String> name;

  private CommittedReader(
      KafkaConsumer<String, byte[]> consumer,
      Function<ConsumerRecord<String, byte[]>, @Nullable String> name) {
    this.consumer = consumer;
    this.name = name;
  }

  /** Reads these topics, which have one partition each, from their ends on; names are causes. */
  public static CommittedReader start(String bootstrapServers, List<String> topics) {
    return start(bootstrapServers, topics, CommittedReader::cause);
  }

  /** The same for names that are those of environments. */
  static CommittedReader ofEnvironments(String bootstrapServers, List<String> topics) {
    return start(bootstrapServers, topics, ConsumerRecord::key);
  }

  private static CommittedReader start(
      String bootstrapServers,
      List<String> topics,
      Function<ConsumerRecord<String, byte[]>, @Nullable String> name) {
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
    CommittedReader reader = new CommittedReader(consumer, name);
    reader.thread.setDaemon(true);
    reader.thread.start();
    return reader;
  }

  /** Ends with the moment when so many records with that name were readable. */
  CompletableFuture<Long> awaits(String name, int records) {
    Awaited one = new Awaited(new AtomicLong(records), new CompletableFuture<>());
    awaited.put(name, one);
    return one.moment().orTimeout(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** How many records were read so far. */
  public long count() {
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
    String known = name.apply(record);
    if (known != null) {
      read(known, now);
    }
  }

  private static @Nullable String cause(ConsumerRecord<String, byte[]> record) {
    Header cause = record.headers().lastHeader("ce_cause");
    return cause == null ? null : new String(cause.value(), StandardCharsets.UTF_8);
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
