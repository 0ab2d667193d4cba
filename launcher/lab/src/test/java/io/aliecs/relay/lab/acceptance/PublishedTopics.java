package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Everything on every topic of a broker but AliECS's own and the relay's watermark, from the last
 * {@link #mark} on. For one thread.
 */
final class PublishedTopics {
  private static final Comparator<Published> IN_ORDER =
      Comparator.comparingLong(Published::sequence)
          .thenComparingInt(Published::place)
          .thenComparingLong(Published::offset);

  private final String bootstrapServers;
  private Map<TopicPartition, Long> from = Map.of();

  PublishedTopics(String bootstrapServers) {
    this.bootstrapServers = bootstrapServers;
  }

  /** From now on, what is there already does not count. */
  void mark() throws Exception {
    try (KafkaConsumer<String, byte[]> consumer = consumer("read_uncommitted")) {
      from = Map.copyOf(consumer.endOffsets(partitions()));
    }
  }

  /**
   * What a {@code read_committed} reader sees, in the order of the sequence in the headers, which
   * is checked to be the order in each partition, too.
   */
  List<Published> committed() throws Exception {
    List<Published> all = read("read_committed");
    Map<TopicPartition, Long> last = new HashMap<>();
    for (Published record : all) {
      TopicPartition partition = new TopicPartition(record.topic(), record.partition());
      Long before = last.put(partition, record.offset());
      assertThat(before == null ? -1 : before).as("%s", record).isLessThan(record.offset());
    }
    return all;
  }

  /** What a reader with plain settings sees, in the order of the sequence in the headers. */
  List<Published> uncommitted() throws Exception {
    return read("read_uncommitted");
  }

  private List<Published> read(String isolation) throws Exception {
    Set<TopicPartition> partitions = partitions();
    List<Published> records = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = consumer(isolation)) {
      consumer.assign(partitions);
      partitions.forEach(p -> consumer.seek(p, from.getOrDefault(p, 0L)));
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> records.add(published(record)));
      }
    }
    records.sort(IN_ORDER);
    return records;
  }

  private static Published published(ConsumerRecord<String, byte[]> record) {
    Map<String, String> headers = new HashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
    }
    return new Published(
        record.topic(),
        record.partition(),
        record.offset(),
        record.key(),
        Map.copyOf(headers),
        record.value());
  }

  private Set<TopicPartition> partitions() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      List<String> topics =
          admin.listTopics().names().get(60, TimeUnit.SECONDS).stream()
              .filter(name -> name.startsWith("aliecs.env_") || name.endsWith("_start_activity"))
              .toList();
      Set<TopicPartition> partitions = new java.util.HashSet<>();
      admin
          .describeTopics(topics)
          .allTopicNames()
          .get(60, TimeUnit.SECONDS)
          .forEach(
              (name, description) ->
                  description
                      .partitions()
                      .forEach(p -> partitions.add(new TopicPartition(name, p.partition()))));
      return partitions;
    }
  }

  private KafkaConsumer<String, byte[]> consumer(String isolation) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "isolation.level",
            isolation,
            "auto.offset.reset",
            "earliest",
            "enable.auto.commit",
            false),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }
}
