package io.aliecs.relay.host.topics;

import io.aliecs.relay.kafka.BrokerNames;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.topics.TopicSpecs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Asks Kafka for the relay's topics. Changes nothing, and is in no group. Every method blocks.
 *
 * @param bootstrap {@code host:port}, separated by commas
 * @param options what is expected of the topics, and how Kafka is reached
 */
record TopicInspector(String bootstrap, PublisherOptions options) {
  private static final int ANSWER_MS = 10_000;

  /**
   * Each topic, in the order of the documents.
   *
   * @throws org.apache.kafka.common.KafkaException when Kafka cannot be reached or refuses
   */
  List<TopicState> topics() throws InterruptedException, ExecutionException {
    BrokerNames.requireOne(Arrays.asList(bootstrap.split(",")), "--bootstrap");
    List<NewTopic> expected = TopicSpecs.of(options);
    Map<String, TopicState.Found> found = found(expected.stream().map(NewTopic::name).toList());
    Map<String, TopicState.LastMessage> last = lastMessages(found);
    return expected.stream()
        .map(
            topic -> {
              Optional<TopicState.Found> there = Optional.ofNullable(found.get(topic.name()));
              return new TopicState(
                  topic.name(),
                  there,
                  there.map(one -> differences(topic, one)).orElse(List.of()),
                  Optional.ofNullable(last.get(topic.name())));
            })
        .toList();
  }

  private static List<String> differences(NewTopic expected, TopicState.Found found) {
    return TopicSpecs.differences(expected, found.partitions(), found.settings()).stream()
        .map(one -> one.setting() + " is " + one.found() + " (expected: " + one.expected() + ")")
        .toList();
  }

  private Map<String, TopicState.Found> found(List<String> names)
      throws InterruptedException, ExecutionException {
    Map<String, TopicState.Found> found = new HashMap<>();
    try (Admin admin = Admin.create(common())) {
      Map<String, TopicDescription> there = new HashMap<>();
      for (Map.Entry<String, KafkaFuture<TopicDescription>> one :
          admin.describeTopics(names).topicNameValues().entrySet()) {
        try {
          there.put(one.getKey(), one.getValue().get());
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
            throw e;
          }
        }
      }
      Map<String, Map<String, String>> settings = settings(admin, there.keySet());
      there.forEach(
          (name, topic) ->
              found.put(
                  name,
                  new TopicState.Found(
                      topic.partitions().size(),
                      topic.partitions().stream()
                          .mapToInt(partition -> partition.replicas().size())
                          .min()
                          .orElse(0),
                      settings.getOrDefault(name, Map.of()))));
    }
    return found;
  }

  /** Of those topics whose settings may be read. */
  private static Map<String, Map<String, String>> settings(Admin admin, Collection<String> names)
      throws InterruptedException, ExecutionException {
    List<ConfigResource> topics =
        names.stream().map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).toList();
    Map<String, Map<String, String>> settings = new HashMap<>();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> one :
        admin.describeConfigs(topics).values().entrySet()) {
      try {
        Map<String, String> values = new HashMap<>();
        for (ConfigEntry entry : one.getValue().get().entries()) {
          if (entry.value() != null) {
            values.put(entry.name(), entry.value());
          }
        }
        settings.put(one.getKey().name(), values);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof AuthorizationException)) {
          throw e;
        }
      }
    }
    return settings;
  }

  private Map<String, TopicState.LastMessage> lastMessages(Map<String, TopicState.Found> found) {
    Map<String, Object> config = common();
    config.put("isolation.level", "read_committed");
    config.put("enable.auto.commit", false);
    config.put("auto.offset.reset", "earliest");
    config.put("allow.auto.create.topics", false);
    List<TopicPartition> partitions = new ArrayList<>();
    found.forEach(
        (name, topic) -> {
          for (int i = 0; i < topic.partitions(); i++) {
            partitions.add(new TopicPartition(name, i));
          }
        });
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return new LastMessages(consumer).of(partitions);
    }
  }

  private Map<String, Object> common() {
    Map<String, Object> properties = new HashMap<>(options.clientProperties().resolve());
    properties.put("bootstrap.servers", bootstrap);
    properties.put("default.api.timeout.ms", ANSWER_MS);
    properties.put("request.timeout.ms", ANSWER_MS / 2);
    return properties;
  }
}
