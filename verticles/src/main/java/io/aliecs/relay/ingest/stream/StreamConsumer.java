package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import io.aliecs.relay.kafka.BrokerNames;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A Kafka consumer of AliECS's topics that reads from given offsets: no group, no offsets in Kafka.
 * Not thread safe but for {@link #wakeup}; its calls block, for 5 s at most.
 *
 * <p>It reads what is not committed, too: AliECS writes without transactions. A reader of committed
 * records would wait for any stranger who leaves a transaction open on one of its topics, for
 * minutes, and its end of a partition would be that of what is committed, as if nothing waited.
 */
public final class StreamConsumer implements AutoCloseable {
  /** Those that AliECS writes. */
  public static final List<String> TOPICS =
      List.of(StreamEventMapper.ENVIRONMENTS, StreamEventMapper.RUNS, StreamEventMapper.CORE);

  private static final int CALL_TIMEOUT_MS = 5_000;

  private static final Duration WARM_UP = Duration.ofMillis(200);

  private static final int FETCH_BYTES = 4 * 1024 * 1024;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final StreamTopics topics;
  private final Duration closeTimeout;

  private StreamConsumer(
      KafkaConsumer<byte[], byte[]> consumer, StreamTopics topics, Duration closeTimeout) {
    this.consumer = consumer;
    this.topics = topics;
    this.closeTimeout = closeTimeout;
  }

  /**
   * Makes a consumer; it connects with its first call.
   *
   * @throws org.apache.kafka.common.KafkaException when a property or an address is wrong
   */
  public static StreamConsumer create(
      String bootstrapServers, IngestOptions options, ReaderTiming timing) {
    BrokerNames.requireOne(
        List.of(bootstrapServers.split(",")),
        options.bootstrapServers().isBlank()
            ? "kafkaEndpoints in Consul, or kafkaEndpoint where that is not set"
            : "ingest.bootstrap-servers");
    Map<String, Object> properties = new HashMap<>();
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "aliecs-relay-ingest");
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, CALL_TIMEOUT_MS);
    properties.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, CALL_TIMEOUT_MS);
    properties.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
    properties.put(ConsumerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.putAll(options.clientProperties().resolve());
    properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, timing.refresh().toMillis());
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, InFlightWindow.LIMIT);
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      StreamTopics topics = StreamTopics.connect(bootstrapServers, options, CALL_TIMEOUT_MS);
      return new StreamConsumer(consumer, topics, timing.close());
    } catch (RuntimeException failed) {
      consumer.close(CloseOptions.timeout(timing.close()));
      throw failed;
    }
  }

  /** Connects and reads something, so that the first that is to be read comes at once. */
  public void warmUp() {
    List<TopicPartition> there = extents().keySet().stream().map(StreamTopics::kafka).toList();
    if (!there.isEmpty()) {
      consumer.assign(there);
      consumer.seekToBeginning(there);
      var unused = consumer.poll(WARM_UP);
      consumer.unsubscribe();
    }
  }

  /** What the partitions hold that exist now. */
  public Map<SourcePartition, Extent> extents() {
    return topics.extents(TOPICS);
  }

  /** The offsets behind the last record of each. */
  public Map<SourcePartition, Long> ends(Collection<SourcePartition> partitions) {
    return partitions.isEmpty() ? Map.of() : topics.ends(partitions);
  }

  /** Reads these partitions from these offsets on, whatever was read before. */
  public void read(Map<SourcePartition, SourceProgress> from) {
    consumer.assign(from.keySet().stream().map(StreamTopics::kafka).toList());
    consumer.resume(consumer.assignment());
    from.forEach(
        (partition, progress) -> consumer.seek(StreamTopics.kafka(partition), progress.next()));
  }

  /** Reads on from there. */
  public void seek(SourcePartition partition, long offset) {
    consumer.seek(StreamTopics.kafka(partition), offset);
  }

  /** The next records; an empty result after a while when there are none. */
  public ConsumerRecords<byte[], byte[]> poll(Duration wait) {
    if (consumer.assignment().isEmpty()) {
      LockSupport.parkNanos(wait.toNanos());
      return ConsumerRecords.empty();
    }
    return consumer.poll(wait);
  }

  /** Offset behind the last record that was handed out, or skipped as a transaction marker. */
  public long position(SourcePartition partition) {
    return consumer.position(StreamTopics.kafka(partition));
  }

  /** Stops reading runs until {@link #resumeRuns}. */
  public void pauseRuns() {
    consumer.pause(runs());
  }

  public void resumeRuns() {
    consumer.resume(runs());
  }

  private List<TopicPartition> runs() {
    return consumer.assignment().stream()
        .filter(partition -> partition.topic().equals(StreamEventMapper.RUNS))
        .toList();
  }

  /** Makes the call that is blocked, or the next one, throw. Thread safe. */
  public void wakeup() {
    consumer.wakeup();
    topics.wakeup();
  }

  @Override
  public void close() {
    topics.close();
    consumer.close(CloseOptions.timeout(closeTimeout));
  }
}
