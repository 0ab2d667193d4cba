package io.aliecs.relay.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Compares what the journal says was accepted while publishing was on with what brokers have: each
 * message once on one of them, nothing else, each environment's in order.
 */
final class PublishedAudit {
  private final List<List<ConsumerRecord<String, byte[]>>> brokers = new ArrayList<>();

  /** Adds what a broker has; brokers in the order in which they were published to. */
  PublishedAudit read(String bootstrapServers) {
    brokers.add(TopicReader.readAll(bootstrapServers, "read_committed"));
    return this;
  }

  List<ConsumerRecord<String, byte[]>> of(int broker) {
    return brokers.get(broker);
  }

  /** Of all brokers what was published in time; what readers were told late of is no step's. */
  private List<ConsumerRecord<String, byte[]>> all() {
    return brokers.stream()
        .flatMap(List::stream)
        .filter(record -> record.headers().lastHeader("ce_late") == null)
        .toList();
  }

  /** The ids of the events that led to messages. */
  Set<String> causes() {
    return all().stream()
        .filter(r -> !startsPublishing(r))
        .map(PublishedAudit::cause)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  static boolean startsPublishing(ConsumerRecord<String, byte[]> record) {
    return record.headers().lastHeader("ce_cause") == null;
  }

  private static String cause(ConsumerRecord<String, byte[]> record) {
    return TopicReader.header(record, "ce_cause");
  }

  /** All that was accepted is there in order, and nothing else. */
  PublishedAudit assertExact(RelayState accepted) {
    assertComplete(accepted);
    assertEnvironmentsInOrder(accepted);
    return this;
  }

  /** All that was accepted is there once, what was parked perhaps late, and nothing else. */
  PublishedAudit assertComplete(RelayState accepted) {
    List<String> expected =
        accepted.environments().values().stream()
            .flatMap(e -> e.timeline().stream())
            .filter(step -> step.publishing())
            .flatMap(step -> step.topics().stream().map(topic -> step.eventId() + " " + topic))
            .toList();
    List<String> found =
        all().stream()
            .filter(r -> !startsPublishing(r))
            .map(r -> cause(r) + " " + r.topic())
            .toList();
    assertThat(found).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    assertThat(all()).extracting(r -> TopicReader.header(r, "ce_id")).doesNotHaveDuplicates();
    brokers.forEach(PublishedAudit::assertInOrderOfOffsets);
    return this;
  }

  /** The reader sorts by sequence; in each topic that is the order in which the records lie. */
  private static void assertInOrderOfOffsets(List<ConsumerRecord<String, byte[]>> records) {
    records.stream()
        .collect(Collectors.groupingBy(ConsumerRecord::topic))
        .forEach(
            (topic, inTopic) ->
                assertThat(inTopic)
                    .as(topic)
                    .isSortedAccordingTo(Comparator.comparingLong(ConsumerRecord::offset)));
  }

  private void assertEnvironmentsInOrder(RelayState accepted) {
    Map<String, List<String>> found = new HashMap<>();
    for (ConsumerRecord<String, byte[]> record : all()) {
      if (!startsPublishing(record)) {
        List<String> causes =
            found.computeIfAbsent(
                TopicReader.header(record, "ce_subject"), id -> new ArrayList<>());
        if (causes.isEmpty() || !causes.get(causes.size() - 1).equals(cause(record))) {
          causes.add(cause(record));
        }
      }
    }
    for (Environment environment : accepted.environments().values()) {
      List<String> expected =
          environment.timeline().stream()
              .filter(step -> step.publishing() && !step.topics().isEmpty())
              .map(step -> step.eventId())
              .toList();
      assertThat(found.getOrDefault(environment.id(), List.of()))
          .as(environment.id())
          .isEqualTo(expected);
    }
  }

  /** The environments in the last list of a broker. */
  Set<String> lastList(int broker) throws Exception {
    ConsumerRecord<String, byte[]> last = null;
    for (ConsumerRecord<String, byte[]> record : brokers.get(broker)) {
      if (record.topic().equals(Topics.ACTIVE_RUNS)) {
        last = record;
      }
    }
    assertThat(last).as("a list").isNotNull();
    return ActiveRunsList.parseFrom(last.value()).getActiveRunsList().stream()
        .map(EnvInfo::getEnvironmentId)
        .collect(Collectors.toSet());
  }
}
