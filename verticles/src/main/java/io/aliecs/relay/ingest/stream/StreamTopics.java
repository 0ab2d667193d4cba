package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * What AliECS's topics are and hold, asked for over connections of their own. A broker answers a
 * connection in order: a question on that of the consumer waits for the fetch before it, which
 * brings nothing for half a second when nothing is written, and the start of a run waits for the
 * answer. Also, consumers do not give the ids of topics.
 *
 * <p>Its calls block, each for its timeout at most. Not thread safe but for {@link #wakeup}.
 */
public final class StreamTopics implements AutoCloseable {
  private final Admin admin;
  private final int timeoutMs;
  private final CompletableFuture<Object> woken = new CompletableFuture<>();

  private StreamTopics(Admin admin, int timeoutMs) {
    this.admin = admin;
    this.timeoutMs = timeoutMs;
  }

  /** Makes a client; it connects with its first call. */
  public static StreamTopics connect(
      String bootstrapServers, IngestOptions options, int timeoutMs) {
    Map<String, Object> properties = new HashMap<>();
    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, "aliecs-relay-ingest-topics");
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
    properties.put(AdminClientConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    properties.putAll(options.clientProperties().resolve());
    properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return new StreamTopics(Admin.create(properties), timeoutMs);
  }

  /**
   * What the partitions hold of those topics that are there. The ids are asked for first: should a
   * topic be made anew meanwhile, the next look notices.
   *
   * @throws KafkaException when Kafka does not answer
   */
  Map<SourcePartition, Extent> extents(Collection<String> topics) {
    Map<TopicPartition, String> ids = new HashMap<>();
    admin
        .describeTopics(topics)
        .topicNameValues()
        .forEach((topic, described) -> ids.putAll(partitions(topic, described)));
    KafkaFuture<Map<TopicPartition, Long>> beginnings = ask(ids.keySet(), OffsetSpec.earliest());
    KafkaFuture<Map<TopicPartition, Long>> ends = ask(ids.keySet(), OffsetSpec.latest());
    Map<TopicPartition, Long> first = await(beginnings);
    Map<TopicPartition, Long> last = await(ends);
    return ids.entrySet().stream()
        .collect(
            Collectors.toMap(
                topic -> source(topic.getKey()),
                topic ->
                    new Extent(
                        first.getOrDefault(topic.getKey(), 0L),
                        last.getOrDefault(topic.getKey(), 0L),
                        topic.getValue())));
  }

  /**
   * The offsets behind the last record of each.
   *
   * @throws KafkaException when Kafka does not answer
   */
  Map<SourcePartition, Long> ends(Collection<SourcePartition> partitions) {
    List<TopicPartition> asked = partitions.stream().map(StreamTopics::kafka).toList();
    return await(ask(asked, OffsetSpec.latest())).entrySet().stream()
        .collect(Collectors.toMap(end -> source(end.getKey()), Map.Entry::getValue));
  }

  /**
   * When the newest record of each topic was written, as Kafka has it.
   *
   * @return ms since epoch by topic, empty for a topic without records; topics that are not there
   *     are left out
   * @throws KafkaException when Kafka does not answer
   */
  public Map<String, OptionalLong> newest(Collection<String> topics) {
    List<TopicPartition> there =
        extents(topics).keySet().stream().map(StreamTopics::kafka).toList();
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    there.forEach(partition -> latest.put(partition, OffsetSpec.maxTimestamp()));
    Map<TopicPartition, ListOffsetsResultInfo> found = await(admin.listOffsets(latest).all());
    return there.stream()
        .collect(
            Collectors.groupingBy(
                TopicPartition::topic,
                Collectors.collectingAndThen(
                    Collectors.toList(),
                    partitions ->
                        partitions.stream()
                            .map(found::get)
                            .filter(Objects::nonNull)
                            .mapToLong(ListOffsetsResultInfo::timestamp)
                            .filter(timestamp -> timestamp >= 0)
                            .max())));
  }

  /** The partitions of a topic with its id, empty of a broker that has none; none if it is gone. */
  private Map<TopicPartition, String> partitions(
      String name, KafkaFuture<TopicDescription> described) {
    try {
      TopicDescription topic = await(described);
      String id = topic.topicId().equals(Uuid.ZERO_UUID) ? "" : topic.topicId().toString();
      return topic.partitions().stream()
          .collect(
              Collectors.toMap(
                  partition -> new TopicPartition(name, partition.partition()), p -> id));
    } catch (UnknownTopicOrPartitionException notThere) {
      return Map.of();
    } catch (TopicAuthorizationException refused) { // which does not say of which topic
      throw new TopicAuthorizationException(refused.getMessage(), Set.of(name));
    }
  }

  private KafkaFuture<Map<TopicPartition, Long>> ask(
      Collection<TopicPartition> partitions, OffsetSpec place) {
    return admin
        .listOffsets(
            partitions.stream().collect(Collectors.toMap(partition -> partition, p -> place)))
        .all()
        .thenApply(
            answers ->
                answers.entrySet().stream()
                    .collect(
                        Collectors.toMap(Map.Entry::getKey, answer -> answer.getValue().offset())));
  }

  private <T> T await(KafkaFuture<T> asked) {
    CompletableFuture<T> answer = asked.toCompletionStage().toCompletableFuture();
    try {
      CompletableFuture.anyOf(answer, woken).get(timeoutMs, TimeUnit.MILLISECONDS);
      return answer.join();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof KafkaException known
          ? known
          : new KafkaException(failed.getCause());
    } catch (TimeoutException silent) {
      throw new KafkaException("no answer within " + timeoutMs + " ms (expected: topics)", silent);
    } catch (InterruptedException interrupted) {
      throw new InterruptException(interrupted);
    }
  }

  /** Makes the call that is blocked, and all that follow, throw {@link WakeupException}. */
  void wakeup() {
    woken.completeExceptionally(new WakeupException());
  }

  /** Leaves what is under way. */
  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }

  static TopicPartition kafka(SourcePartition partition) {
    return new TopicPartition(partition.topic(), partition.partition());
  }

  private static SourcePartition source(TopicPartition partition) {
    return new SourcePartition(partition.topic(), partition.partition());
  }
}
