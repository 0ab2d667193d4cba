package io.aliecs.relay.publisher.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.proto.journal.Watermark;
import io.aliecs.relay.publisher.watch.Brokers.Published;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the newest records of topics, a few of each at a time, for what is not of this relay. Not
 * thread safe but for {@link #wakeup}.
 */
final class TopicTails {
  private static final Logger LOG = LoggerFactory.getLogger(TopicTails.class);

  /** The most records of a partition that are looked at; whoever writes on does so again. */
  private static final int TAIL = 20;

  private static final int FETCH_BYTES = 128 * 1024;
  private static final Duration ANSWER = Duration.ofSeconds(8);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long READ_NANOS = Duration.ofSeconds(2).toNanos();

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Published published;
  private final Map<TopicPartition, Long> ends = new HashMap<>();

  /** Topics that this client may not read: nothing is known of those. */
  private final Set<String> hidden = new HashSet<>();

  /** Whether the last list that was seen is of somebody who is no relay. */
  private boolean listIsForeign;

  TopicTails(Map<String, Object> properties, Published published) {
    this.published = published;
    Map<String, Object> plain = new HashMap<>(properties);
    plain.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    plain.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    plain.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    this.consumer =
        new KafkaConsumer<>(plain, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** What was written since the last time; the first time only learns where the topics end. */
  Look read(Collection<TopicDescription> topics, String journalId) {
    Set<TopicPartition> partitions =
        topics.stream()
            .filter(topic -> !hidden.contains(topic.name()))
            .flatMap(
                topic ->
                    IntStream.range(0, topic.partitions().size())
                        .mapToObj(i -> new TopicPartition(topic.name(), i)))
            .collect(Collectors.toSet());
    Found found = new Found(journalId);
    try {
      read(partitions, found);
    } catch (TopicAuthorizationException refused) {
      hidden.addAll(refused.unauthorizedTopics());
      LOG.info("cannot tell who else writes to {} (expected: the right Read on it)", hidden);
    } finally {
      consumer.unsubscribe();
    }
    return found.look();
  }

  private void read(Set<TopicPartition> partitions, Found found) {
    Map<TopicPartition, Long> to = consumer.endOffsets(partitions, ANSWER);
    Map<TopicPartition, Long> from = new HashMap<>();
    to.forEach(
        (partition, end) -> {
          Long before = ends.get(partition);
          if (before != null && end > before) {
            from.put(partition, Math.max(before, end - TAIL));
          } else {
            ends.put(partition, end);
          }
        });
    if (from.isEmpty()) {
      return;
    }
    consumer.assign(from.keySet());
    from.forEach(consumer::seek);
    long begun = System.nanoTime();
    while (from.keySet().stream()
            .anyMatch(p -> consumer.position(p, ANSWER) < to.getOrDefault(p, 0L))
        && System.nanoTime() - begun < READ_NANOS) {
      consumer.poll(POLL).forEach(found::add);
    }
    from.keySet().forEach(partition -> ends.put(partition, consumer.position(partition, ANSWER)));
  }

  /** Lets a read that is under way end at once. Any thread. */
  void wakeup() {
    consumer.wakeup();
  }

  void close() {
    consumer.close(CloseOptions.timeout(Duration.ZERO));
  }

  /** What is found among records; for one look. */
  private final class Found {
    private final String journalId;
    private final Set<Stranger> strangers = new HashSet<>();

    Found(String journalId) {
      this.journalId = journalId;
    }

    void add(ConsumerRecord<byte[], byte[]> record) {
      Stranger writer =
          record.topic().equals(published.watermarkTopic()) ? twin(record) : writer(record);
      if (writer != null) {
        strangers.add(writer);
      }
      if (record.topic().equals(published.listTopic())) {
        listIsForeign = writer != null && !writer.isRelay();
      }
    }

    /** A relay that keeps its watermark where this one does. */
    private @Nullable Stranger twin(ConsumerRecord<byte[], byte[]> record) {
      if (record.key() == null
          || record.value() == null
          || !new String(record.key(), UTF_8).equals(published.transactionalId())) {
        return null;
      }
      try {
        String other = Watermark.parseFrom(record.value()).getJournalId();
        return other.isEmpty() || other.equals(journalId) ? null : Stranger.sameId(other);
      } catch (InvalidProtocolBufferException unknown) {
        return null;
      }
    }

    private @Nullable Stranger writer(ConsumerRecord<byte[], byte[]> record) {
      String id = header(record, "ce_id");
      if (!header(record, "ce_source").equals(published.source()) || id.indexOf('/') < 0) {
        return Stranger.noRelay(record.topic());
      }
      String other = id.substring(0, id.indexOf('/'));
      return other.equals(journalId) ? null : new Stranger(other, record.topic());
    }

    private static String header(ConsumerRecord<?, ?> record, String name) {
      Header header = record.headers().lastHeader(name);
      return header == null || header.value() == null ? "" : new String(header.value(), UTF_8);
    }

    Look look() {
      return new Look(false, strangers, listIsForeign);
    }
  }
}
