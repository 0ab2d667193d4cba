package io.aliecs.relay.publisher.topics;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.kafka.WatermarkReader;
import io.aliecs.relay.publisher.topics.TopicReport.Difference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** The topics that the relay writes to, as it makes them where they are missing. Pure. */
public final class TopicSpecs {
  /** The list holds every active run; the default limit of a record is 1 MiB. */
  private static final int LIST_MAX_BYTES = 4 * 1024 * 1024;

  private TopicSpecs() {}

  /** All of them; a replication factor that is absent is the broker's default. */
  public static List<NewTopic> of(PublisherOptions options) {
    String minInsync = Integer.toString(options.minInsyncReplicas());
    Optional<Short> replication =
        options.replicationFactor() < 0
            ? Optional.empty()
            : Optional.of(options.replicationFactor());
    Map<String, String> plain = Map.of(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, minInsync);
    Map<String, String> compacted = new HashMap<>(plain);
    compacted.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
    // Compacted, it would refuse what has no key, such as the lists of AliECS's own plugin.
    Map<String, String> list = new HashMap<>(options.compactList() ? compacted : plain);
    list.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LIST_MAX_BYTES));

    List<NewTopic> topics = new ArrayList<>();
    List<String> perEnvironment = new ArrayList<>(Topics.perEnvironment());
    if (options.afterStartActivity()) {
      perEnvironment.add(Topics.AFTER_START);
    }
    TopicNames names = options.topics();
    for (String name : perEnvironment) {
      topics.add(
          new NewTopic(names.inKafka(name), Optional.of(options.partitions()), replication)
              .configs(plain));
    }
    topics.add(
        new NewTopic(names.inKafka(Topics.ACTIVE_RUNS), Optional.of(1), replication).configs(list));
    topics.add(
        new NewTopic(WatermarkReader.topic(options), Optional.of(1), replication)
            .configs(compacted));
    return topics;
  }

  /**
   * What is otherwise with a topic than the relay would have made it, and matters.
   *
   * @param settings found, by Kafka's names; empty where they may not be read
   */
  public static List<Difference> differences(
      NewTopic wanted, int partitions, Map<String, String> settings) {
    List<Difference> differences = new ArrayList<>();
    if (isSingle(wanted) && partitions != 1) {
      differences.add(new Difference("partitions", String.valueOf(partitions), "1"));
    }
    Map<String, String> meant = new TreeMap<>(wanted.configs());
    meant.putIfAbsent(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    meant.forEach(
        (setting, expected) -> {
          String found = settings.get(setting);
          if (found != null && !suits(setting, found, expected)) {
            differences.add(new Difference(setting, found, expected));
          }
        });
    return differences;
  }

  /** Whether a value does what the expected one is for: a limit may be larger. */
  private static boolean suits(String setting, String found, String expected) {
    return switch (setting) {
      case TopicConfig.MAX_MESSAGE_BYTES_CONFIG, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG ->
          Long.parseLong(found) >= Long.parseLong(expected);
      default -> found.equals(expected);
    };
  }

  /** Whether it has to have one partition: its records have one order. */
  static boolean isSingle(NewTopic topic) {
    String name = TopicNames.usualOfAny(topic.name());
    return name.equals(Topics.ACTIVE_RUNS) || name.equals(Topics.WATERMARK);
  }

  /** Their names. */
  public static Set<String> names(PublisherOptions options) {
    return of(options).stream().map(NewTopic::name).collect(Collectors.toUnmodifiableSet());
  }
}
