package io.aliecs.relay.host.topics;

import io.aliecs.relay.kafka.BrokerNames;
import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.topics.BrokerInspection;
import io.aliecs.relay.publisher.topics.TopicReport;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Asks Kafka for the relay's topics. Changes nothing, and is in no group. Every method blocks.
 *
 * @param bootstrap {@code host:port}, separated by commas
 * @param options what is expected of the topics, and how Kafka is reached
 */
record TopicInspector(String bootstrap, PublisherOptions options) {
  /**
   * Each topic, in the order of the documents.
   *
   * @throws org.apache.kafka.common.KafkaException when Kafka cannot be reached or refuses
   */
  List<TopicState> topics() throws InterruptedException, ExecutionException {
    List<String> servers = Arrays.asList(bootstrap.split(","));
    BrokerNames.requireOne(servers, "--bootstrap");
    List<TopicReport> reports;
    try (BrokerInspection brokers = BrokerInspection.of(servers, options)) {
      reports = brokers.topics();
    }
    Map<String, TopicState.LastMessage> last = lastMessages(servers, reports);
    return reports.stream()
        .map(report -> new TopicState(report, Optional.ofNullable(last.get(report.name()))))
        .toList();
  }

  private Map<String, TopicState.LastMessage> lastMessages(
      List<String> servers, List<TopicReport> reports) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (TopicReport report : reports) {
      for (int i = 0; i < report.found().map(TopicReport.Found::partitions).orElse(0); i++) {
        partitions.add(new TopicPartition(report.name(), i));
      }
    }
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            new ClientConfig(servers, options).consumer(),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      return new LastMessages(consumer).of(partitions);
    }
  }
}
