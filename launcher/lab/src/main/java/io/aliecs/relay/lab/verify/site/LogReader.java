package io.aliecs.relay.lab.verify.site;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.ReadRecord;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.publisher.records.RecordMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the relay's topics of one broker from their beginning, on a thread of its own, however
 * often the broker goes away. Thread-safe.
 */
final class LogReader implements AutoCloseable {
  static final String LISTS = "aliecs.env_list.RUNNING";
  private static final String PUBLISHED =
      ".+[._-](env_state\\..+|env_leave_state\\..+|env_list\\..+|before_start_activity)";

  /** Six states are entered, five left; then the list and before_start_activity. */
  private static final int TOPICS = 13;

  private static final Logger LOG = LoggerFactory.getLogger(LogReader.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final String broker;
  private final Isolation isolation;
  private final KafkaConsumer<String, byte[]> consumer;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private final List<ReadRecord> records = new ArrayList<>();
  private long newest;
  private List<EnvInfo> newestList = List.of();

  // Touched by its thread only.
  private long looked = System.nanoTime();
  private final Map<EnvInfo, EnvInfo> runs = new HashMap<>();

  private Map<TopicPartition, Long> positions = Map.of();
  private Map<TopicPartition, Long> ends = Map.of();

  private LogReader(String broker, Isolation isolation, KafkaConsumer<String, byte[]> consumer) {
    this.broker = broker;
    this.isolation = isolation;
    this.consumer = consumer;
    this.thread = new Thread(this::run, "verify-" + broker + "-" + isolation);
  }

  static LogReader start(Broker broker, Isolation isolation) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            broker.bootstrapServers(),
            "isolation.level",
            isolation.name().toLowerCase(Locale.ROOT),
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            false,
            "allow.auto.create.topics",
            false,
            "fetch.max.wait.ms",
            100,
            "request.timeout.ms",
            5_000,
            "default.api.timeout.ms",
            5_000,
            "reconnect.backoff.max.ms",
            200);
    LogReader reader =
        new LogReader(
            broker.name(),
            isolation,
            new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer()));
    reader.thread.setDaemon(true);
    reader.thread.start();
    return reader;
  }

  private void run() {
    try (consumer) {
      while (!stopping.await(0, TimeUnit.MILLISECONDS)) {
        try {
          if (consumer.assignment().isEmpty() && !assign()) {
            stopping.await(POLL.toMillis(), TimeUnit.MILLISECONDS);
            continue;
          }
          consumer.poll(POLL).forEach(this::add);
          look();
        } catch (KafkaException away) {
          LOG.debug("{} is away: {}", broker, away.getMessage());
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Takes every partition once all topics are there. */
  private boolean assign() {
    List<TopicPartition> all =
        consumer.listTopics().entrySet().stream()
            .filter(topic -> topic.getKey().matches(PUBLISHED))
            .flatMap(topic -> topic.getValue().stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    if (all.stream().map(TopicPartition::topic).distinct().count() < TOPICS) {
      return false;
    }
    consumer.assign(all);
    consumer.seekToBeginning(all);
    return true;
  }

  private void look() {
    long now = System.nanoTime();
    if (now - looked < LOOK_NANOS) {
      return;
    }
    looked = now;
    Set<TopicPartition> assigned = consumer.assignment();
    Map<TopicPartition, Long> at =
        assigned.stream().collect(Collectors.toMap(p -> p, consumer::position));
    Map<TopicPartition, Long> end = consumer.endOffsets(assigned);
    synchronized (this) {
      positions = at;
      ends = end;
    }
  }

  private void add(ConsumerRecord<String, byte[]> record) {
    String topic = TopicNames.usualOfAny(record.topic());
    ReadRecord.Value value = decode(topic, record.value());
    ReadRecord read =
        new ReadRecord(
            broker,
            topic,
            record.partition(),
            record.offset(),
            header(record, "ce_id"),
            number(record, "ce_sequence"),
            number(record, "ce_epoch"),
            header(record, "ce_cause"),
            header(record, "ce_subject"),
            !header(record, "ce_late").isEmpty(),
            record.headers().lastHeader(RecordMapper.REPEAT_HEADER) != null,
            time(record),
            value);
    synchronized (this) {
      records.add(read);
      if (value instanceof ReadRecord.Notice notice) {
        newest = Math.max(newest, notice.message().getTimestamp());
      } else if (value instanceof ReadRecord.Runs runs) {
        newestList = runs.message().getActiveRunsList();
      }
    }
  }

  private ReadRecord.Value decode(String topic, byte[] value) {
    if (value == null) {
      return new ReadRecord.Broken("no value (a tombstone)");
    }
    try {
      return topic.equals(LISTS)
          ? new ReadRecord.Runs(sharing(ActiveRunsList.parseFrom(value)))
          : new ReadRecord.Notice(NewStateNotification.parseFrom(value));
    } catch (InvalidProtocolBufferException broken) {
      return new ReadRecord.Broken(String.valueOf(broken.getMessage()));
    }
  }

  /** The same, each run of it kept once however many lists it is in. */
  private ActiveRunsList sharing(ActiveRunsList list) {
    ActiveRunsList.Builder same = ActiveRunsList.newBuilder().setTimestamp(list.getTimestamp());
    list.getActiveRunsList().forEach(run -> same.addActiveRuns(runs.computeIfAbsent(run, r -> r)));
    return list.getUnknownFields().asMap().isEmpty() ? same.build() : list;
  }

  private static String header(ConsumerRecord<String, byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static long time(ConsumerRecord<String, byte[]> record) {
    try {
      return Instant.parse(header(record, "ce_time")).toEpochMilli();
    } catch (DateTimeParseException absent) {
      return -1;
    }
  }

  private static long number(ConsumerRecord<String, byte[]> record, String name) {
    String text = header(record, name);
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  Isolation isolation() {
    return isolation;
  }

  /** Everything read so far. */
  synchronized List<ReadRecord> records() {
    return List.copyOf(records);
  }

  /** How many records were read so far. */
  synchronized int count() {
    return records.size();
  }

  /** Latest time of a change that was read, ms since epoch. */
  synchronized long newest() {
    return newest;
  }

  /** The runs of the last list that was read. */
  synchronized List<EnvInfo> newestList() {
    return newestList;
  }

  /** How far it has read, by partition. */
  synchronized Map<TopicPartition, Long> positions() {
    return positions;
  }

  /** Whether there is nothing left to read. */
  synchronized boolean isAtEnd() {
    return !ends.isEmpty()
        && ends.entrySet().stream()
            .allMatch(end -> positions.getOrDefault(end.getKey(), -1L) >= end.getValue());
  }

  @Override
  public void close() {
    stopping.countDown();
  }
}
