package io.aliecs.relay.host.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.host.tail.Decoded;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.records.RecordMapper;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private static final Duration ANSWER = Duration.ofSeconds(3);

  /**
   * Reads the end of the topic of starts. Blocks for some seconds at most.
   *
   * @param servers brokers as {@code host:port}
   */
  public static Optional<LastStart> read(List<String> servers, PublisherOptions options) {
    Map<String, Object> properties = new HashMap<>(new ClientConfig(servers, options).consumer());
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
    String topic = options.topics().inKafka(Topics.SOR);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      return Optional.ofNullable(new LastMessages(consumer).records(partitions, ANSWER).get(topic))
          .flatMap(LastStart::of);
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  private static Optional<LastStart> of(ConsumerRecord<byte[], byte[]> record) {
    if (Decoded.of(record.topic(), record.value()) instanceof Decoded.Notification start) {
      EnvInfo env = start.message().getEnvInfo();
      Header source = record.headers().lastHeader(RecordMapper.SOURCE_HEADER);
      return Optional.of(
          new LastStart(
              env.getEnvironmentId(),
              Integer.toUnsignedLong(env.getRunNumber()),
              start.message().getTimestamp(),
              source != null && RecordMapper.SOURCE.equals(new String(source.value(), UTF_8))));
    }
    return Optional.empty();
  }
}
