package io.aliecs.relay.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.message.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads everything the relay has published, in the order of its sequence header. */
final class TopicReader {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private TopicReader() {}

  static List<ConsumerRecord<String, byte[]>> readAll(String bootstrapServers, String isolation) {
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            isolation,
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            false);
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          Topics.published().stream().map(topic -> new TopicPartition(topic, 0)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      long begun = System.nanoTime();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        assertThat(System.nanoTime() - begun)
            .as("%s records of %s, ns", records.size(), ends)
            .isLessThan(LIMIT.toNanos());
      }
      records.sort(
          java.util.Comparator.comparingLong((ConsumerRecord<String, byte[]> r) -> number(r))
              .thenComparing(r -> header(r, "ce_id")));
      return records;
    }
  }

  static long number(ConsumerRecord<String, byte[]> record) {
    return Long.parseLong(header(record, "ce_sequence"));
  }

  static String header(ConsumerRecord<String, byte[]> record, String name) {
    return new String(
        record.headers().lastHeader(name).value(), java.nio.charset.StandardCharsets.UTF_8);
  }
}
