package io.aliecs.relay.host.compare;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.domain.message.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what is committed under two prefixes, about in the order of its time: a partition that is
 * ahead of the others waits, so that little has to be remembered. As no member of a group. For one
 * thread, but for {@link #stop}.
 */
final class BothPrefixes implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(300);
  private static final long LOOK_NANOS = Duration.ofSeconds(2).toNanos();

  /** How far a partition may be ahead of the others, ms of its records. */
  private static final long AHEAD_MS = 10_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<Side, TopicNames> names;

  /** The time of the newest record of each partition that was read. */
  private final Map<TopicPartition, Long> times = new HashMap<>();

  private Map<TopicPartition, Long> ends = Map.of();
  private long lookedAt = System.nanoTime();

  /**
   * Connects with the first question.
   *
   * @param client properties of the consumer: how it gets in
   */
  BothPrefixes(String bootstrap, Map<String, String> client, Map<Side, TopicNames> names) {
    this.names = names;
    Map<String, Object> config = new HashMap<>(client);
    config.put("bootstrap.servers", bootstrap);
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", "false");
    config.put("auto.offset.reset", "earliest");
    config.put("allow.auto.create.topics", "false");
    config.put("default.api.timeout.ms", String.valueOf(ANSWER.toMillis()));
    consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * When the first record of each side since a time was written, ms since epoch; of a side without
   * one there is none.
   */
  Map<Side, Long> firsts(long since) {
    Map<Side, Long> firsts = new HashMap<>();
    offsets(partitions(), since)
        .forEach(
            (partition, at) -> firsts.merge(side(partition.topic()), at.timestamp(), Math::min));
    return firsts;
  }

  /** Begins with what was written at a time or later, ms since epoch. */
  void begin(long from) {
    Set<TopicPartition> there = partitions();
    // Not of what is assigned: the consumer would take the answer for the end of the partition.
    Map<TopicPartition, OffsetAndTimestamp> starts = offsets(there, from);
    consumer.assign(there);
    ends = consumer.endOffsets(there, ANSWER);
    there.forEach(
        partition -> {
          OffsetAndTimestamp start = starts.get(partition);
          consumer.seek(
              partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
          times.put(partition, from);
        });
  }

  /** The next records, in the order of their times; none when none came. */
  List<ConsumerRecord<byte[], byte[]>> poll() {
    findNewTopics();
    holdBackWhatIsAhead();
    List<ConsumerRecord<byte[], byte[]>> records =
        StreamSupport.stream(consumer.poll(POLL).spliterator(), false)
            .sorted(Comparator.comparingLong(ConsumerRecord::timestamp))
            .toList();
    records.forEach(
        record ->
            times.merge(
                new TopicPartition(record.topic(), record.partition()),
                record.timestamp(),
                Math::max));
    return records;
  }

  private void holdBackWhatIsAhead() {
    long slowest = readUpTo(Long.MAX_VALUE - AHEAD_MS);
    Set<TopicPartition> ahead =
        times.entrySet().stream()
            .filter(one -> one.getValue() > slowest + AHEAD_MS)
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    Set<TopicPartition> going = new HashSet<>(consumer.paused());
    going.removeAll(ahead);
    consumer.resume(going);
    consumer.pause(ahead);
    if (!going.isEmpty()) { // their lag is from before they waited
      consumer.endOffsets(going, ANSWER);
    }
  }

  /**
   * All that was written before this time is read, ms since epoch.
   *
   * @param now for partitions that are read to their end
   */
  long readUpTo(long now) {
    return times.entrySet().stream()
        .filter(one -> !isAtEnd(one.getKey()))
        .mapToLong(Map.Entry::getValue)
        .min()
        .orElse(now);
  }

  private boolean isAtEnd(TopicPartition partition) {
    OptionalLong lag = consumer.currentLag(partition); // of one that waits it is an old one
    return lag.isPresent() && lag.getAsLong() == 0 && !consumer.paused().contains(partition);
  }

  /** Whether all that was there at the beginning is read. */
  boolean hasReadWhatWasThere() {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey(), ANSWER) >= end.getValue());
  }

  Side side(String topic) {
    return topics(Side.RELAY).anyMatch(topic::equals) ? Side.RELAY : Side.PLUGIN;
  }

  private void findNewTopics() {
    if (System.nanoTime() - lookedAt < LOOK_NANOS) {
      return;
    }
    lookedAt = System.nanoTime();
    Set<TopicPartition> found = partitions();
    found.removeAll(times.keySet());
    if (!found.isEmpty()) {
      Set<TopicPartition> all = new HashSet<>(times.keySet());
      all.addAll(found);
      consumer.assign(all);
      consumer.seekToBeginning(found);
      found.forEach(partition -> times.put(partition, System.currentTimeMillis()));
    }
  }

  private Set<TopicPartition> partitions() {
    Set<String> wanted =
        Stream.of(Side.values()).flatMap(this::topics).collect(Collectors.toUnmodifiableSet());
    return consumer.listTopics(ANSWER).entrySet().stream()
        .filter(topic -> wanted.contains(topic.getKey()))
        .flatMap(topic -> topic.getValue().stream())
        .map(info -> new TopicPartition(info.topic(), info.partition()))
        .collect(Collectors.toSet());
  }

  private Stream<String> topics(Side side) {
    TopicNames of = names.getOrDefault(side, TopicNames.USUAL);
    return Topics.published().stream().map(of::inKafka);
  }

  private Map<TopicPartition, OffsetAndTimestamp> offsets(
      Collection<TopicPartition> partitions, long since) {
    Map<TopicPartition, Long> asked =
        partitions.stream().collect(Collectors.toMap(partition -> partition, one -> since));
    Map<TopicPartition, OffsetAndTimestamp> offsets = new HashMap<>();
    consumer
        .offsetsForTimes(asked, ANSWER)
        .forEach(
            (partition, at) -> {
              if (at != null) {
                offsets.put(partition, at);
              }
            });
    return offsets;
  }

  /** Makes {@link #poll} throw a {@code WakeupException}, from any thread. */
  void stop() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }
}
