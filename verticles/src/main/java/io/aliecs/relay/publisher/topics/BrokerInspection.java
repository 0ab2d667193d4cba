package io.aliecs.relay.publisher.topics;

import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.kafka.WatermarkReader;
import io.aliecs.relay.publisher.topics.TopicReport.Found;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.Topic;

/**
 * What is at the brokers that the relay publishes to, asked for and left as it is. Nothing is made,
 * written or fenced. Every method blocks, for {@link #ANSWER_MS} and a little more at most, and
 * throws what the client throws. For one thread.
 */
public final class BrokerInspection implements AutoCloseable {
  /** How long brokers may take for one answer, ms. */
  public static final int ANSWER_MS = 3_000;

  private static final long PATIENCE_MS = ANSWER_MS + 500;

  private final Admin admin;
  private final PublisherOptions options;

  private BrokerInspection(Admin admin, PublisherOptions options) {
    this.admin = admin;
    this.options = options;
  }

  /**
   * Makes a client, as the publisher would; it connects with the first question.
   *
   * @param servers brokers as {@code host:port}
   */
  public static BrokerInspection of(List<String> servers, PublisherOptions options) {
    return new BrokerInspection(
        Admin.create(new ClientConfig(servers, options).firstAdmin()), options);
  }

  /** The brokers, as {@code host:port}, by which they want to be reached. */
  public List<String> advertised() throws InterruptedException, ExecutionException {
    Collection<Node> nodes =
        answer(admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MS)).nodes());
    return nodes.stream().map(node -> node.host() + ":" + node.port()).sorted().toList();
  }

  /**
   * Whether this user may ask for the transactional id, which comes with the right to use it. Empty
   * where that is not asked: of a Kafka that no transaction was seen in, as it would make its own
   * topic of transactions then.
   */
  public Optional<Boolean> mayUseTransactionalId() throws InterruptedException, ExecutionException {
    String id = options.transactionalId();
    if (!hasTransactions()) {
      return Optional.empty();
    }
    try {
      answer(
          admin
              .describeTransactions(
                  List.of(id), new DescribeTransactionsOptions().timeoutMs(ANSWER_MS))
              .description(id));
      return Optional.of(true);
    } catch (TransactionalIdAuthorizationException refused) {
      return Optional.of(false);
    } catch (TransactionalIdNotFoundException unused) {
      return Optional.of(true);
    }
  }

  /** Where the relay has published before, there are some. */
  private boolean hasTransactions() throws InterruptedException, ExecutionException {
    List<String> signs =
        List.of(Topic.TRANSACTION_STATE_TOPIC_NAME, WatermarkReader.topic(options));
    return !described(signs, false).isEmpty();
  }

  /** All topics that the relay writes to, in their order. */
  public List<TopicReport> topics() throws InterruptedException, ExecutionException {
    List<NewTopic> wanted = TopicSpecs.of(options);
    Map<String, TopicDescription> there =
        described(wanted.stream().map(NewTopic::name).toList(), true);
    Map<String, Map<String, String>> settings = settings(there.keySet());
    Map<String, String> refusals =
        refusals(wanted.stream().filter(topic -> !there.containsKey(topic.name())).toList());
    return wanted.stream()
        .map(
            topic -> {
              String name = topic.name();
              return new TopicReport(
                  name,
                  Optional.ofNullable(there.get(name))
                      .map(one -> found(topic, one, settings.getOrDefault(name, Map.of()))),
                  refusals.getOrDefault(name, ""));
            })
        .toList();
  }

  private static Found found(
      NewTopic wanted, TopicDescription topic, Map<String, String> settings) {
    List<TopicPartitionInfo> partitions = topic.partitions();
    Set<AclOperation> allowed = topic.authorizedOperations();
    boolean known = allowed != null && !allowed.isEmpty();
    return new Found(
        partitions.size(),
        partitions.stream().mapToInt(partition -> partition.replicas().size()).min().orElse(0),
        partitions.stream().noneMatch(partition -> partition.leader() == null),
        known ? Optional.of(allowed.contains(AclOperation.WRITE)) : Optional.empty(),
        settings,
        TopicSpecs.differences(wanted, partitions.size(), settings));
  }

  private Map<String, TopicDescription> described(List<String> topics, boolean rights)
      throws InterruptedException, ExecutionException {
    Map<String, TopicDescription> there = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> one :
        admin
            .describeTopics(
                topics,
                new DescribeTopicsOptions()
                    .includeAuthorizedOperations(rights)
                    .timeoutMs(ANSWER_MS))
            .topicNameValues()
            .entrySet()) {
      unlessHidden(one.getValue()).ifPresent(topic -> there.put(one.getKey(), topic));
    }
    return there;
  }

  /** By topic and by Kafka's names; none of topics whose settings this user may not read. */
  private Map<String, Map<String, String>> settings(Set<String> topics)
      throws InterruptedException, ExecutionException {
    List<ConfigResource> resources =
        topics.stream().map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)).toList();
    Map<String, Map<String, String>> settings = new HashMap<>();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> one :
        admin
            .describeConfigs(resources, new DescribeConfigsOptions().timeoutMs(ANSWER_MS))
            .values()
            .entrySet()) {
      unlessHidden(one.getValue())
          .ifPresent(config -> settings.put(one.getKey().name(), values(config)));
    }
    return settings;
  }

  private static Map<String, String> values(Config config) {
    return config.entries().stream()
        .filter(entry -> entry.value() != null)
        .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
  }

  /** Has Kafka judge the making of topics, and no more. */
  private Map<String, String> refusals(List<NewTopic> missing)
      throws InterruptedException, ExecutionException {
    Map<String, String> refusals = new HashMap<>();
    for (Map.Entry<String, KafkaFuture<Void>> one :
        admin
            .createTopics(
                missing, new CreateTopicsOptions().validateOnly(true).timeoutMs(ANSWER_MS))
            .values()
            .entrySet()) {
      try {
        answer(one.getValue());
      } catch (org.apache.kafka.common.errors.ApiException refused) {
        refusals.put(one.getKey(), String.valueOf(refused.getMessage()));
      }
    }
    return refusals;
  }

  /** Empty of what is not there, or of what this user may not ask for. */
  private static <T> Optional<T> unlessHidden(KafkaFuture<T> asked)
      throws InterruptedException, ExecutionException {
    try {
      return Optional.of(answer(asked));
    } catch (UnknownTopicOrPartitionException | AuthorizationException hidden) {
      return Optional.empty();
    }
  }

  private static <T> T answer(KafkaFuture<T> asked)
      throws InterruptedException, ExecutionException {
    try {
      return asked.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    } catch (TimeoutException e) {
      throw new org.apache.kafka.common.errors.TimeoutException(
          "no answer within " + PATIENCE_MS + " ms", e);
    }
  }

  /** Leaves what is under way. */
  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
