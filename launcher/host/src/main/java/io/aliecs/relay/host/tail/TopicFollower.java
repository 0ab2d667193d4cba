package io.aliecs.relay.host.tail;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.kafka.client.common.PartitionInfo;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics from now on, from a time on or from their beginning, and those that are created
 * meanwhile whole, as no member of any consumer group. For one thread at a time, but for {@link
 * #stop()}.
 */
final class TopicFollower implements AutoCloseable {
  private static final Duration REACH_TIMEOUT = Duration.ofSeconds(5);
  private static final long LOOK_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private static final VertxOptions ONE_COMMAND =
      new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1);

  private static final Comparator<ConsumerRecord<byte[], byte[]>> BY_TIME =
      Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
          .thenComparingInt(record -> KnownTopics.rank(record.topic()));

  private final Vertx vertx;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Set<String> topics;
  private final Set<TopicPartition> followed = new HashSet<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long lookedAt;

  private TopicFollower(Vertx vertx, KafkaConsumer<byte[], byte[]> consumer, Set<String> topics) {
    this.vertx = vertx;
    this.consumer = consumer;
    this.topics = topics;
  }

  /**
   * Connects and takes its place in the topics that are there.
   *
   * @param start from where they are read
   * @param committedOnly whether records of open or aborted transactions are left out
   * @param client properties of the consumer: how it gets in
   * @throws org.apache.kafka.common.KafkaException when the brokers cannot be reached in 5 s
   */
  static TopicFollower open(
      String bootstrap,
      List<String> topics,
      StartingPoint start,
      boolean committedOnly,
      Map<String, String> client) {
    Map<String, String> config = new HashMap<>(client);
    config.put("bootstrap.servers", bootstrap);
    config.put("isolation.level", committedOnly ? "read_committed" : "read_uncommitted");
    config.put("enable.auto.commit", "false");
    config.put("auto.offset.reset", "earliest");
    config.put("allow.auto.create.topics", "false");
    config.put("default.api.timeout.ms", String.valueOf(REACH_TIMEOUT.toMillis()));
    Vertx vertx = Vertx.vertx(ONE_COMMAND);
    try {
      TopicFollower follower =
          new TopicFollower(
              vertx,
              KafkaConsumer.create(
                  vertx, config, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
              new TreeSet<>(topics));
      follower.begin(start);
      return follower;
    } catch (RuntimeException failed) {
      vertx.close();
      throw failed;
    }
  }

  private void begin(StartingPoint start) {
    Set<TopicPartition> there = find();
    switch (start.kind()) {
      case BEGINNING -> {}
      case NOW -> seekToEnd(there);
      case TIME -> seekToTime(there, start.time());
    }
  }

  private void seekToEnd(Set<TopicPartition> partitions) {
    if (!partitions.isEmpty()) {
      consumer.seekToEnd(partitions).await();
      // Seeking is lazy: only asking for the position makes "now" now.
      partitions.forEach(partition -> consumer.position(partition).await());
    }
  }

  private void seekToTime(Set<TopicPartition> partitions, long time) {
    Map<TopicPartition, Long> wanted = new HashMap<>();
    partitions.forEach(partition -> wanted.put(partition, time));
    Set<TopicPartition> nothingSince = new HashSet<>(partitions);
    if (!wanted.isEmpty()) {
      consumer
          .offsetsForTimes(wanted)
          .await()
          .forEach(
              (partition, found) -> {
                if (found != null) {
                  nothingSince.remove(partition);
                  consumer.seek(partition, found.getOffset()).await();
                }
              });
    }
    seekToEnd(nothingSince);
  }

  /** The topics asked for that do not exist yet. */
  List<String> missing() {
    Set<String> missing = new TreeSet<>(topics);
    followed.forEach(partition -> missing.remove(partition.getTopic()));
    return List.copyOf(missing);
  }

  /**
   * The next records, in the order of their timestamps, or none after {@code atMost}.
   *
   * @throws WakeupException when stopped
   */
  List<ConsumerRecord<byte[], byte[]>> poll(Duration atMost) {
    if (System.nanoTime() - lookedAt > LOOK_INTERVAL_NANOS) {
      try {
        find();
      } catch (TimeoutException brokerAway) {
        lookedAt = System.nanoTime();
      }
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (followed.isEmpty()) {
      awaitTopics(atMost);
      return records;
    }
    consumer.poll(atMost).await().records().forEach(records::add);
    if (stopped.getCount() == 0) {
      throw new WakeupException();
    }
    records.sort(BY_TIME);
    return records;
  }

  /** Makes {@link #poll} throw once it has waited, from any thread. */
  void stop() {
    stopped.countDown();
  }

  @Override
  public void close() {
    vertx.close(); // with the consumer; nothing waits for it
  }

  private void awaitTopics(Duration atMost) {
    try {
      if (stopped.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new WakeupException();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new InterruptException(interrupted);
    }
  }

  /** Follows partitions that were not there before, from their beginning; returns them. */
  private Set<TopicPartition> find() {
    Set<TopicPartition> found = new HashSet<>();
    consumer
        .listTopics()
        .await()
        .forEach(
            (topic, partitions) -> {
              if (topics.contains(topic)) {
                partitions.forEach(info -> found.add(partition(info)));
              }
            });
    found.removeAll(followed);
    if (!found.isEmpty()) {
      followed.addAll(found);
      consumer.assign(Set.copyOf(followed)).await();
      consumer.seekToBeginning(found).await();
    }
    lookedAt = System.nanoTime();
    return found;
  }

  private static TopicPartition partition(PartitionInfo info) {
    return new TopicPartition(info.getTopic(), info.getPartition());
  }
}
