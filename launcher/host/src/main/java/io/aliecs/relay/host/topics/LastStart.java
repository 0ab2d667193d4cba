package io.aliecs.relay.publisher.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.publisher.records.RecordMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The newest start of run that readers have got.
 *
 * @param environmentId of the run
 * @param runNumber of the run
 * @param timestamp when it started, ms since epoch
 * @param ofRelay whether a relay has written it, and nobody else, such as AliECS's own plugin
 */
public record LastStart(String environmentId, long runNumber, long timestamp, boolean ofRelay) {
  /** Offsets, markers of transactions among them. */
  private static final long TAIL = 100;

  private static final Duration ANSWER = Duration.ofSeconds(3);
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * Reads the end of the topic of starts. Blocks for some seconds at most.
   *
   * @param servers brokers as {@code host:port}
   * @return empty when there is none among its last records
   */
  public static Optional<LastStart> read(List<String> servers, PublisherOptions options) {
    Map<String, Object> properties = new HashMap<>(new ClientConfig(servers, options).consumer());
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      return newest(consumer, options.topics().inKafka(Topics.SOR));
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private static Optional<LastStart> newest(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    Set<TopicPartition> partitions =
        consumer.partitionsFor(topic, ANSWER).stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .collect(Collectors.toSet());
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER);
    Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions, ANSWER);
    consumer.assign(partitions);
    ends.forEach(
        (partition, end) ->
            consumer.seek(partition, Math.max(beginnings.getOrDefault(partition, 0L), end - TAIL)));
    Optional<LastStart> newest = Optional.empty();
    long begun = System.nanoTime();
    while (ends.entrySet().stream()
            .anyMatch(end -> consumer.position(end.getKey(), ANSWER) < end.getValue())
        && System.nanoTime() - begun < ANSWER.toNanos()) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        newest = later(newest, record);
      }
    }
    return newest;
  }

  private static Optional<LastStart> later(
      Optional<LastStart> known, ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return known;
    }
    try {
      NewStateNotification message = NewStateNotification.parseFrom(record.value());
      return known.isPresent() && known.get().timestamp() > message.getTimestamp()
          ? known
          : Optional.of(
              new LastStart(
                  message.getEnvInfo().getEnvironmentId(),
                  Integer.toUnsignedLong(message.getEnvInfo().getRunNumber()),
                  message.getTimestamp(),
                  isOfRelay(record)));
    } catch (InvalidProtocolBufferException foreign) {
      return known;
    }
  }

  private static boolean isOfRelay(ConsumerRecord<byte[], byte[]> record) {
    Header source = record.headers().lastHeader(RecordMapper.SOURCE_HEADER);
    return source != null && RecordMapper.SOURCE.equals(new String(source.value(), UTF_8));
  }
}
