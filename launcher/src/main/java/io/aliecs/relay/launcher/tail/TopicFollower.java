package io.aliecs.relay.launcher.tail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics from now on or from their beginning, and those that are created meanwhile whole, as
 * no member of any consumer group. For one thread at a time, but for {@link #stop()}.
 */
final class TopicFollower implements AutoCloseable {
  private static final Duration REACH_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration LOOK_TIMEOUT = Duration.ofSeconds(2);
  private static final long LOOK_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private static final Comparator<ConsumerRecord<byte[], byte[]>> BY_TIME =
      Comparator.<ConsumerRecord<byte[], byte[]>>comparingLong(ConsumerRecord::timestamp)
          .thenComparingInt(record -> KnownTopics.rank(record.topic()));

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Set<String> topics;
  private final Set<TopicPartition> followed = new HashSet<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private long lookedAt;

  private TopicFollower(KafkaConsumer<byte[], byte[]> consumer, Set<String> topics) {
    this.consumer = consumer;
    this.topics = topics;
  }

  /**
   * Connects and takes its place in the topics that are there.
   *
   * @param committedOnly whether records of open or aborted transactions are left out
   * @throws org.apache.kafka.common.KafkaException when the brokers cannot be reached in 5 s
   */
  static TopicFollower open(
      String bootstrap, List<String> topics, boolean fromBeginning, boolean committedOnly) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "isolation.level",
            committedOnly ? "read_committed" : "read_uncommitted",
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest",
            "allow.auto.create.topics",
            false);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    TopicFollower follower = new TopicFollower(consumer, new TreeSet<>(topics));
    try {
      List<TopicPartition> there = follower.find(REACH_TIMEOUT);
      if (!fromBeginning) {
        consumer.seekToEnd(there);
        // Seeking is lazy: only asking for the position makes "now" now.
        there.forEach(partition -> consumer.position(partition, REACH_TIMEOUT));
      }
      return follower;
    } catch (RuntimeException failed) {
      consumer.close();
      throw failed;
    }
  }

  /** The topics asked for that do not exist yet. */
  List<String> missing() {
    Set<String> missing = new TreeSet<>(topics);
    followed.forEach(partition -> missing.remove(partition.topic()));
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
        find(LOOK_TIMEOUT);
      } catch (TimeoutException brokerAway) {
        lookedAt = System.nanoTime();
      }
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    if (followed.isEmpty()) {
      awaitTopics(atMost);
      return records;
    }
    consumer.poll(atMost).forEach(records::add);
    records.sort(BY_TIME);
    return records;
  }

  /** Makes {@link #poll} throw, from any thread. */
  void stop() {
    stopped.countDown();
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
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
  private List<TopicPartition> find(Duration timeout) {
    List<TopicPartition> found = new ArrayList<>();
    for (Map.Entry<String, List<PartitionInfo>> topic : consumer.listTopics(timeout).entrySet()) {
      if (topics.contains(topic.getKey())) {
        for (PartitionInfo info : topic.getValue()) {
          TopicPartition partition = new TopicPartition(info.topic(), info.partition());
          if (followed.add(partition)) {
            found.add(partition);
          }
        }
      }
    }
    if (!found.isEmpty()) {
      consumer.assign(followed);
      consumer.seekToBeginning(found);
    }
    lookedAt = System.nanoTime();
    return found;
  }
}
