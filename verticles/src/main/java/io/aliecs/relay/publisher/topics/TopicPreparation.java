package io.aliecs.relay.publisher.topics;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.kafka.ExplainedException;
import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.kafka.WatermarkReader;
import io.aliecs.relay.publisher.watch.Brokers;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the topics that are missing, before the first message, and finds out which take none.
 * Leaves topics that exist as they are. Every method blocks.
 */
public final class TopicPreparation {
  private static final Logger LOG = LoggerFactory.getLogger(TopicPreparation.class);
  private static final long TIMEOUT_S = 20;
  private static final int ANSWER_MS = 5_000;

  private TopicPreparation() {}

  /**
   * What was found.
   *
   * @param blocked by their usual names, the topics that take no messages, each with the reason;
   *     never all of them
   * @param limits how large a batch of records the others take, bytes, as far as brokers report it;
   *     none if records are compressed, as nobody knows then how large they will be
   * @param ids of the topics that are there, by their names in Kafka, as far as brokers report it
   */
  public record Prepared(
      Map<String, String> blocked, Map<String, Integer> limits, Map<String, String> ids) {}

  /**
   * Makes missing topics.
   *
   * @throws KafkaException when no topic takes any, or not the relay's own, which nothing works
   *     without
   */
  public static Prepared prepare(ClientConfig config, PublisherOptions options)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<NewTopic> wanted = TopicSpecs.of(options);
    Map<String, String> blocked = new TreeMap<>();
    Map<String, String> ids = new HashMap<>();
    Map<String, Integer> limits;
    try (Admin admin = Admin.create(config.firstAdmin())) {
      Set<String> existing = existing(admin, config);
      List<NewTopic> missing = wanted.stream().filter(t -> !existing.contains(t.name())).toList();
      blocked.putAll(create(admin, missing, options));
      List<String> there =
          wanted.stream().map(NewTopic::name).filter(t -> !blocked.containsKey(t)).toList();
      blocked.putAll(unwritable(admin, there, options, ids));
      limits = limits(admin, there, config);
    }
    String own = blocked.get(WatermarkReader.topic(options));
    if (own != null || blocked.size() == wanted.size() - 1) {
      throw new KafkaException(own != null ? own : blocked.values().iterator().next());
    }
    return new Prepared(
        byUsualName(blocked, options.topics()), byUsualName(limits, options.topics()), ids);
  }

  /**
   * Looks at the topics and makes none.
   *
   * @return what was found; empty when one is missing or takes nothing
   * @throws KafkaException when the relay's own is missing
   */
  public static Optional<Prepared> look(ClientConfig config, PublisherOptions options)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<String> wanted = TopicSpecs.of(options).stream().map(NewTopic::name).toList();
    try (Admin admin = Admin.create(config.firstAdmin())) {
      Set<String> existing = existing(admin, config);
      requireOwn(WatermarkReader.topic(options), existing);
      Map<String, String> ids = new HashMap<>();
      if (!existing.containsAll(wanted) || !unwritable(admin, wanted, options, ids).isEmpty()) {
        return Optional.empty();
      }
      Map<String, Integer> limits = limits(admin, wanted, config);
      return Optional.of(new Prepared(Map.of(), byUsualName(limits, options.topics()), ids));
    }
  }

  /**
   * A producer that asks for a topic has most brokers make it, with settings of their own: that is
   * left to the host that leads.
   */
  private static void requireOwn(String topic, Set<String> existing) {
    if (!existing.contains(topic)) {
      throw new KafkaException(
          "topic "
              + topic
              + " is not there yet (expected: made by the host that leads, as soon as it publishes)");
    }
  }

  private static <T> Map<String, T> byUsualName(Map<String, T> topics, TopicNames names) {
    Map<String, T> usual = new TreeMap<>();
    topics.forEach((topic, value) -> usual.put(names.usual(topic), value));
    return usual;
  }

  /** The first question to a broker; short, so that a wrong address is soon given up. */
  private static Set<String> existing(Admin admin, ClientConfig config)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return admin
          .listTopics(new ListTopicsOptions().timeoutMs(ANSWER_MS))
          .names()
          .get(TIMEOUT_S, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw Brokers.noAnswer(config.bootstrapServers(), ANSWER_MS, e);
      }
      throw e;
    }
  }

  private static Map<String, String> create(
      Admin admin, List<NewTopic> missing, PublisherOptions options)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, String> refused = new HashMap<>();
    if (missing.isEmpty()) {
      return refused;
    }
    for (Map.Entry<String, KafkaFuture<Void>> made :
        admin.createTopics(missing).values().entrySet()) {
      String topic = made.getKey();
      try {
        made.getValue().get(TIMEOUT_S, TimeUnit.SECONDS);
        LOG.info("made topic {}", topic);
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        String reason =
            "topic "
                + topic
                + " is missing, or hidden from "
                + options.clientProperties().principal()
                + ", and cannot be made: "
                + e.getMessage()
                + " (expected: the topic, or the right Create on it)";
        if (cause instanceof AuthorizationException || cause instanceof PolicyViolationException) {
          refused.put(topic, reason);
        } else if (!(cause instanceof TopicExistsException)) {
          throw new ExplainedException(reason, e);
        }
      }
    }
    return refused;
  }

  private static Map<String, String> unwritable(
      Admin admin, Collection<String> topics, PublisherOptions options, Map<String, String> ids)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, String> refused = new HashMap<>();
    Map<String, KafkaFuture<TopicDescription>> described =
        admin
            .describeTopics(topics, new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .topicNameValues();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> one : described.entrySet()) {
      try {
        TopicDescription topic = one.getValue().get(TIMEOUT_S, TimeUnit.SECONDS);
        ids.put(one.getKey(), topic.topicId().toString());
        Set<AclOperation> allowed = topic.authorizedOperations();
        if (allowed != null && !allowed.isEmpty() && !allowed.contains(AclOperation.WRITE)) {
          refused.put(one.getKey(), notAllowed(one.getKey(), options));
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof AuthorizationException) {
          refused.put(one.getKey(), notAllowed(one.getKey(), options));
        } else if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
          throw e; // a topic made just now may not be known to every broker yet
        }
      }
    }
    return refused;
  }

  private static Map<String, Integer> limits(
      Admin admin, Collection<String> topics, ClientConfig config) throws InterruptedException {
    if (config.compresses()) {
      return Map.of();
    }
    Map<String, Integer> limits = TopicLimits.hints(admin, topics);
    if (limits.size() < topics.size()) {
      LOG.info(
          "max.message.bytes is known of {} topics (expected: {}, by the right DescribeConfigs);"
              + " what is too large for the others is found out by trying",
          limits.size(),
          topics.size());
    }
    return limits;
  }

  private static String notAllowed(String topic, PublisherOptions options) {
    return "topic "
        + topic
        + ": "
        + options.clientProperties().principal()
        + " may not write (expected: the right Write on it)";
  }
}
