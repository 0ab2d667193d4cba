package io.aliecs.relay.ingest;

import io.aliecs.relay.settings.IngestOptions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * The ids that Kafka gives topics: another one of the same name has another id. Consumers do not
 * tell them. Its calls block, for so long as it was told at most.
 */
final class TopicIds implements AutoCloseable {
  private final Admin admin;
  private final int timeoutMs;

  private TopicIds(Admin admin, int timeoutMs) {
    this.admin = admin;
    this.timeoutMs = timeoutMs;
  }

  /** Makes a client; it connects with its first call. */
  static TopicIds connect(String bootstrapServers, IngestOptions options, int timeoutMs) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "aliecs-relay-ingest-topics");
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
    properties.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.putAll(options.clientProperties().resolve());
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return new TopicIds(Admin.create(properties), timeoutMs);
  }

  /**
   * The ids by name; of a topic that is not there, or of a broker that knows none, there is none.
   *
   * @throws KafkaException when Kafka does not answer
   */
  Map<String, String> of(Collection<String> topics) {
    Map<String, String> ids = new HashMap<>();
    admin
        .describeTopics(topics)
        .topicNameValues()
        .forEach(
            (topic, described) -> {
              Uuid id = id(described);
              if (!id.equals(Uuid.ZERO_UUID)) {
                ids.put(topic, id.toString());
              }
            });
    return ids;
  }

  private Uuid id(KafkaFuture<TopicDescription> described) {
    try {
      return described.get(timeoutMs, TimeUnit.MILLISECONDS).topicId();
    } catch (ExecutionException failed) {
      Throwable cause = failed.getCause();
      if (cause instanceof UnknownTopicOrPartitionException
          || cause instanceof UnsupportedVersionException) {
        return Uuid.ZERO_UUID;
      }
      throw cause instanceof KafkaException known ? known : new KafkaException(cause);
    } catch (TimeoutException silent) {
      throw new KafkaException("no answer within " + timeoutMs + " ms (expected: topics)", silent);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  /** Leaves what is under way. */
  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
