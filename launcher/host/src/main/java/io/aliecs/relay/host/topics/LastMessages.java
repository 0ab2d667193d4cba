package io.aliecs.relay.host.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aliecs.relay.host.tail.RecordSummary;
import io.aliecs.relay.host.terminal.TerminalText;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Finds the last message of topics. It is not at the last offset: behind it come the markers of its
 * transaction, and of transactions that were aborted. So some offsets before the end are read, and
 * more where they hold no message. Every method blocks.
 */
record LastMessages(Consumer<byte[], byte[]> consumer) {
  private static final long FIRST_STEP = 16;
  private static final long LONGER = 16;
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private static final Comparator<ConsumerRecord<byte[], byte[]>> BY_TIME =
      Comparator.comparingLong(ConsumerRecord::timestamp);

  /**
   * The last message of each topic that has one.
   *
   * @throws TimeoutException when a broker does not give its records in 20 s
   */
  Map<String, TopicState.LastMessage> of(Collection<TopicPartition> partitions) {
    Map<String, TopicState.LastMessage> found = new HashMap<>();
    records(partitions, LIMIT).forEach((topic, record) -> found.put(topic, message(record)));
    return found;
  }

  /** Likewise, as records and with a limit of time. */
  Map<String, ConsumerRecord<byte[], byte[]>> records(
      Collection<TopicPartition> partitions, Duration limit) {
    Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
    Map<TopicPartition, Long> unread = new HashMap<>(consumer.endOffsets(partitions));
    unread.entrySet().removeIf(end -> end.getValue() <= begin(begins, end.getKey()));
    Map<TopicPartition, ConsumerRecord<byte[], byte[]>> last = new HashMap<>();
    long deadline = System.nanoTime() + limit.toNanos();
    for (long step = FIRST_STEP; !unread.isEmpty(); step *= LONGER) {
      Map<TopicPartition, Long> from = new HashMap<>();
      for (Map.Entry<TopicPartition, Long> end : unread.entrySet()) {
        from.put(end.getKey(), Math.max(begin(begins, end.getKey()), end.getValue() - step));
      }
      read(from, unread, last, deadline);
      // What is read from its beginning has been read whole.
      unread
          .keySet()
          .removeIf(
              partition ->
                  last.containsKey(partition)
                      || from.getOrDefault(partition, 0L) <= begin(begins, partition));
    }
    Map<String, ConsumerRecord<byte[], byte[]>> newest = new HashMap<>();
    last.values().forEach(record -> newest.merge(record.topic(), record, LastMessages::later));
    return newest;
  }

  private static long begin(Map<TopicPartition, Long> begins, TopicPartition partition) {
    return begins.getOrDefault(partition, 0L);
  }

  private void read(
      Map<TopicPartition, Long> from,
      Map<TopicPartition, Long> to,
      Map<TopicPartition, ConsumerRecord<byte[], byte[]>> last,
      long deadline) {
    consumer.assign(from.keySet());
    from.forEach(consumer::seek);
    while (from.keySet().stream()
        .anyMatch(partition -> consumer.position(partition) < to.getOrDefault(partition, 0L))) {
      consumer
          .poll(POLL)
          .forEach(
              record -> last.put(new TopicPartition(record.topic(), record.partition()), record));
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("the last records of " + from.keySet() + " do not come");
      }
    }
  }

  private static ConsumerRecord<byte[], byte[]> later(
      ConsumerRecord<byte[], byte[]> one, ConsumerRecord<byte[], byte[]> other) {
    return BY_TIME.compare(one, other) >= 0 ? one : other;
  }

  private static TopicState.LastMessage message(ConsumerRecord<byte[], byte[]> record) {
    Header sequence = record.headers().lastHeader("ce_sequence");
    return new TopicState.LastMessage(
        record.partition(),
        record.offset(),
        record.timestamp(),
        text(record.key()),
        sequence == null ? "" : text(sequence.value()),
        RecordSummary.of(record.topic(), record.value()));
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : TerminalText.plain(new String(bytes, UTF_8));
  }
}
