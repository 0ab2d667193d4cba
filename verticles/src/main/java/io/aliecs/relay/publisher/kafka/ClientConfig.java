package io.aliecs.relay.publisher.kafka;

import io.aliecs.relay.kafka.BrokerNames;
import io.aliecs.relay.publisher.records.RecordMapper;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The properties of the Kafka clients of a session: ours, then what the settings pass through.
 * Secrets in files are read each time.
 */
public record ClientConfig(List<String> bootstrapServers, PublisherOptions options) {
  private static final int REQUEST_TIMEOUT_MS = 4_000;

  /**
   * For a whole transaction. A broker that does not answer for so long costs the session: the next
   * one learns from Kafka what came of it. Four times what {@link RecordMapper#BATCH_BYTES} take at
   * 3 Mbit/s.
   */
  private static final int DELIVERY_TIMEOUT_MS = 6_000;

  /** How long a session that died may keep readers of committed records waiting. */
  private static final int TRANSACTION_TIMEOUT_MS = 15_000;

  private static final int ADMIN_TIMEOUT_MS = 15_000;

  /** The longest pause between two tries to reach a broker. */
  private static final int RETRY_MAX_MS = 250;

  /**
   * How long a broker holds back an answer without records, by default 500 ms: a broker that has
   * begun to wait does not notice that a transaction was committed meanwhile, and a take-over waits
   * for nothing else.
   */
  private static final int FETCH_WAIT_MS = 10;

  /**
   * How soon a producer asks again, by default 100 ms: the broker says several times to wait while
   * it aborts what the session before has left open.
   */
  private static final int FENCE_RETRY_MS = 20;

  private static final int MAX_REQUEST_BYTES = 4 * 1024 * 1024;

  /** A transaction goes out in few requests: there is one in flight at a time. */
  private static final int BATCH_BYTES = 256 * 1024;

  private Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>();
    properties.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
    properties.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, RETRY_MAX_MS);
    properties.put(CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, RETRY_MAX_MS);
    properties.putAll(options.clientProperties().resolve());
    properties.put(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, String.join(",", bootstrapServers));
    return properties;
  }

  /** The first client of a session. Blocks while names are looked up. */
  public Map<String, Object> firstAdmin() {
    BrokerNames.requireOne(
        bootstrapServers, "kafkaEndpoint in Consul, or kafkaEndpoints where that is not set");
    return admin();
  }

  public Map<String, Object> admin() {
    Map<String, Object> properties = common();
    properties.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS);
    return properties;
  }

  public Map<String, Object> producer() {
    Map<String, Object> properties = common();
    properties.putIfAbsent(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, FENCE_RETRY_MS);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, options.transactionalId());
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    // Kafka 4 waits 5 ms by default; a transaction is a batch already.
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // With more, a new partition that answers late can take a later batch first: the transaction
    // is aborted then, but readers of uncommitted records have seen it out of order.
    properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MS);
    properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MS);
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MS);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4L * MAX_REQUEST_BYTES);
    return properties;
  }

  /** Whether records can take fewer bytes in Kafka than they have. */
  public boolean compresses() {
    Object type = producer().getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
    return !type.toString().strip().equals("none");
  }

  public Map<String, Object> consumer() {
    Map<String, Object> properties = common();
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
    properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ADMIN_TIMEOUT_MS);
    return properties;
  }

  /** A new transactional producer. Connects by itself. */
  public KafkaProducer<String, byte[]> newProducer() {
    return new KafkaProducer<>(producer(), new StringSerializer(), new ByteArraySerializer());
  }

  /** A new consumer of committed records, of no topic yet. Connects by itself. */
  public KafkaConsumer<String, byte[]> newConsumer() {
    return new KafkaConsumer<>(consumer(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  /** Without the client properties, which may hold secrets. */
  @Override
  public String toString() {
    return "ClientConfig" + bootstrapServers;
  }
}
