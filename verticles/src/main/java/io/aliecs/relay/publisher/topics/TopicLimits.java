package io.aliecs.relay.publisher.topics;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.records.RecordRejections;
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
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large a batch of records a topic takes, in bytes as it is sent. Nothing depends on it: a
 * record whose limit brokers do not report is tried. Every method blocks.
 */
public final class TopicLimits implements RecordRejections.Limits {
  private static final Logger LOG = LoggerFactory.getLogger(TopicLimits.class);
  private static final int ANSWER_MS = 5_000;

  /** The limit of topics that have none of their own. */
  private static final String LIMIT_OF_BROKER = "message.max.bytes";

  private final ClientConfig config;

  /** Limits that are asked for when they are needed, over a connection of their own. */
  public TopicLimits(ClientConfig config) {
    this.config = config;
  }

  /**
   * What one broker says, by topic. Of a topic without a limit of its own it says what it would
   * take itself; the topic's leader may be set otherwise.
   */
  public static Map<String, Integer> hints(Admin admin, Collection<String> topics)
      throws InterruptedException {
    Map<String, Integer> hints = new HashMap<>();
    describe(admin, topics)
        .forEach((topic, entry) -> bytes(entry).ifPresent(limit -> hints.put(topic, limit)));
    return hints;
  }

  @Override
  public Map<String, Integer> of(Set<String> topics) throws InterruptedException {
    if (config.compresses()) {
      return Map.of();
    }
    TopicNames names = config.options().topics();
    try (Admin admin = Admin.create(config.admin())) {
      return certain(
              admin, topics.stream().map(names::inKafka).collect(Collectors.toUnmodifiableSet()))
          .entrySet()
          .stream()
          .collect(
              Collectors.toUnmodifiableMap(one -> names.usual(one.getKey()), Map.Entry::getValue));
    } catch (KafkaException | IllegalArgumentException unknown) {
      LOG.debug("cannot ask for limits: {}", unknown.toString());
      return Map.of();
    }
  }

  private static Map<String, Integer> certain(Admin admin, Set<String> topics)
      throws InterruptedException {
    Map<String, ConfigEntry> described = describe(admin, topics);
    Optional<Integer> ofBrokers =
        described.values().stream().allMatch(TopicLimits::isOwn)
            ? Optional.empty()
            : ofBrokers(admin);
    Map<String, Integer> limits = new HashMap<>();
    described.forEach(
        (topic, entry) ->
            (isOwn(entry) ? bytes(entry) : ofBrokers).ifPresent(limit -> limits.put(topic, limit)));
    return limits;
  }

  /** Set for the topic, and so the same on every broker. */
  private static boolean isOwn(ConfigEntry entry) {
    return entry.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG;
  }

  /** The largest limit of any broker, as any may lead a topic; none unless all report theirs. */
  private static Optional<Integer> ofBrokers(Admin admin) throws InterruptedException {
    Optional<Integer> largest = Optional.empty();
    for (KafkaFuture<Config> broker : configs(admin, brokers(admin)).values()) {
      Optional<Integer> limit =
          answer(broker).map(config -> config.get(LIMIT_OF_BROKER)).flatMap(TopicLimits::bytes);
      if (limit.isEmpty()) {
        return limit;
      }
      largest = Optional.of(Math.max(limit.get(), largest.orElse(0)));
    }
    return largest;
  }

  private static List<ConfigResource> brokers(Admin admin) throws InterruptedException {
    Collection<Node> nodes =
        answer(admin.describeCluster(new DescribeClusterOptions().timeoutMs(ANSWER_MS)).nodes())
            .orElse(List.of());
    return nodes.stream()
        .map(node -> new ConfigResource(ConfigResource.Type.BROKER, node.idString()))
        .toList();
  }

  private static Map<String, ConfigEntry> describe(Admin admin, Collection<String> topics)
      throws InterruptedException {
    List<ConfigResource> resources =
        topics.stream().map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic)).toList();
    Map<String, ConfigEntry> reported = new HashMap<>();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> one :
        configs(admin, resources).entrySet()) {
      answer(one.getValue())
          .map(config -> config.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG))
          .ifPresent(entry -> reported.put(one.getKey().name(), entry));
    }
    return reported;
  }

  private static Map<ConfigResource, KafkaFuture<Config>> configs(
      Admin admin, List<ConfigResource> resources) {
    return admin
        .describeConfigs(resources, new DescribeConfigsOptions().timeoutMs(ANSWER_MS))
        .values();
  }

  private static <T> Optional<T> answer(KafkaFuture<T> asked) throws InterruptedException {
    try {
      return Optional.of(asked.get(2L * ANSWER_MS, TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException unknown) {
      LOG.debug("a limit is not reported: {}", unknown.toString());
      return Optional.empty();
    }
  }

  /** None when it is larger than any record can be, too. */
  private static Optional<Integer> bytes(ConfigEntry entry) {
    try {
      return Optional.of(Integer.valueOf(entry.value()));
    } catch (NumberFormatException unknown) {
      return Optional.empty();
    }
  }
}
