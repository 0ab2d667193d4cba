package io.aliecs.relay.publisher;

import io.aliecs.relay.domain.Topics;
import io.aliecs.relay.settings.PublisherOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the topics that are missing, before the first message; leaves those that exist alone. */
final class TopicCreator {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCreator.class);
  private static final long TIMEOUT_S = 20;
  private static final int ANSWER_MS = 5_000;

  /** The list holds every active run; the default limit of a record is 1 MiB. */
  private static final int LIST_MAX_BYTES = 4 * 1024 * 1024;

  private TopicCreator() {}

  static void createMissing(ClientConfig config, PublisherOptions options)
      throws InterruptedException, ExecutionException, TimeoutException {
    try (Admin admin = Admin.create(config.admin())) {
      Set<String> existing = existing(admin, config);
      List<NewTopic> missing =
          wanted(options).stream().filter(t -> !existing.contains(t.name())).toList();
      if (missing.isEmpty()) {
        return;
      }
      create(admin, missing);
    }
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
        throw new KafkaException(
            String.join(",", config.bootstrapServers())
                + ": no answer within "
                + ANSWER_MS
                + " ms (expected: a Kafka broker)",
            e);
      }
      throw e;
    }
  }

  private static void create(Admin admin, List<NewTopic> missing)
      throws InterruptedException, TimeoutException {
    for (NewTopic topic : missing) {
      try {
        admin.createTopics(List.of(topic)).all().get(TIMEOUT_S, TimeUnit.SECONDS);
        LOG.info("made topic {}", topic.name());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw new KafkaException(
              "topic "
                  + topic.name()
                  + " is missing and cannot be made: "
                  + e.getMessage()
                  + " (expected: the topic, or the right to make it)",
              e);
        }
      }
    }
  }

  private static List<NewTopic> wanted(PublisherOptions options) {
    String minInsync = Integer.toString(options.minInsyncReplicas());
    Optional<Short> replication =
        options.replicationFactor() < 0
            ? Optional.empty()
            : Optional.of(options.replicationFactor());
    Map<String, String> plain = Map.of(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInsync);
    Map<String, String> compacted = new HashMap<>(plain);
    compacted.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    Map<String, String> list = new HashMap<>(compacted);
    list.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LIST_MAX_BYTES));

    List<NewTopic> topics = new ArrayList<>();
    List<String> perEnvironment = new ArrayList<>(Topics.perEnvironment());
    if (options.afterStartActivity()) {
      perEnvironment.add(Topics.AFTER_START);
    }
    for (String name : perEnvironment) {
      topics.add(new NewTopic(name, Optional.of(options.partitions()), replication).configs(plain));
    }
    topics.add(new NewTopic(Topics.ACTIVE_RUNS, Optional.of(1), replication).configs(list));
    topics.add(new NewTopic(WatermarkReader.TOPIC, Optional.of(1), replication).configs(compacted));
    return topics;
  }
}
