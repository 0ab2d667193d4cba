package io.aliecs.relay.host.check.station;

import io.aliecs.relay.host.check.station.Finding.Level;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.topics.BrokerInspection;
import io.aliecs.relay.publisher.topics.TopicReport;
import io.aliecs.relay.publisher.topics.TopicReport.Difference;
import io.aliecs.relay.publisher.topics.TopicReport.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/** The brokers that the relay publishes to: reached, let in, with the rights and the topics. */
public final class KafkaStation {
  private static final String TOPICS = "kafka.topics";
  private static final String ID = "kafka.transactional-id";

  private final PublisherOptions options;
  private final KafkaSide side;
  private final Executor threads;

  public KafkaStation(List<String> servers, PublisherOptions options, Executor threads) {
    this.options = options;
    this.threads = threads;
    this.side =
        new KafkaSide(
            "kafka",
            servers,
            "kafkaEndpoint in Consul, or kafkaEndpoints where that is not set",
            options.clientProperties());
  }

  /** Blocks for some seconds at most. */
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>(side.brokers(threads));
    if (findings.stream().noneMatch(finding -> finding.level() == Level.OK)) {
      findings.add(Finding.skipped("kafka.login", "login: no broker is reached"));
      findings.add(Finding.skipped(ID, "rights: no broker is reached"));
      findings.add(Finding.skipped(TOPICS, "topics of the relay: no broker is reached"));
      return findings;
    }
    try (BrokerInspection brokers = BrokerInspection.of(side.servers(), options)) {
      findings.add(side.letIn(brokers.advertised().size()));
      findings.add(transactionalId(brokers.mayUseTransactionalId()));
      findings.addAll(topics(brokers.topics()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (Exception failure) {
      Finding why = side.failure(failure);
      findings.add(why);
      findings.add(Finding.skipped(TOPICS, "topics of the relay: see " + why.id()));
    }
    return findings;
  }

  private Finding transactionalId(Optional<Boolean> allowed) {
    String id = "kafka.transactional-id " + options.transactionalId();
    String user = options.clientProperties().principal();
    if (allowed.isEmpty()) {
      return Finding.skipped(
          ID, id + ": not asked for, as Kafka has no topic of transactions yet and would make it");
    }
    return allowed.get()
        ? Finding.ok(ID, id + " is known to " + user)
        : Finding.failed(
            ID,
            id,
            user + " may not use it",
            "the rights Describe and Write on it",
            "grant them: \"Rights and secrets in Kafka\" in docs/operating.md");
  }

  private List<Finding> topics(List<TopicReport> reports) {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(absent(reports));
    findings.addAll(
        together(
            reports.stream()
                .filter(topic -> topic.found().filter(found -> !found.led()).isPresent())
                .collect(names(topic -> "a partition without a leader")),
            (names, found) ->
                Finding.failed(
                    "kafka.topic-leader",
                    names,
                    found,
                    "a leader for each partition",
                    "look at the brokers that have its replicas")));
    findings.addAll(
        together(
            reports.stream()
                .filter(topic -> topic.found().flatMap(Found::writable).equals(Optional.of(false)))
                .collect(names(topic -> options.clientProperties().principal() + " may not write")),
            (names, found) ->
                Finding.failed(
                    "kafka.topic-rights",
                    names,
                    found,
                    "the right Write on it",
                    "grant it: \"Rights and secrets in Kafka\" in docs/operating.md")));
    reports.forEach(
        topic -> topic.differences().forEach(one -> findings.add(difference(topic.name(), one))));
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              TOPICS,
              "all " + reports.size() + " topics of the relay are there, with the right settings"));
    }
    return findings;
  }

  private List<Finding> absent(List<TopicReport> reports) {
    List<TopicReport> absent = reports.stream().filter(topic -> topic.found().isEmpty()).toList();
    return together(
        absent.stream().collect(names(TopicReport::refusal)),
        (names, refusal) ->
            refusal.isEmpty()
                ? Finding.warning(
                    "kafka.topic-absent",
                    names,
                    "not there",
                    "topics before the first message",
                    "nothing, where the relay begins to publish only now: it makes them")
                : Finding.failed(
                    "kafka.topic-refused",
                    names,
                    "not there, or hidden from "
                        + options.clientProperties().principal()
                        + ", and cannot be made: "
                        + refusal,
                    "the topic, or the right Create on it",
                    "make the topic, or grant the right"));
  }

  private static Finding difference(String topic, Difference found) {
    return Finding.warning(
        "kafka.topic-settings",
        topic,
        found.setting() + " is " + found.found(),
        found.expected(),
        found.setting().equals("partitions")
            ? "make that topic anew, with one partition"
            : "kafka-configs.sh --alter --topic "
                + topic
                + " --add-config "
                + found.setting()
                + "="
                + found.expected()
                + ", or change the setting kafka.topic.* of this host: the relay leaves topics that"
                + " exist as they are");
  }

  /** Names of topics with the same to be said of them. */
  private static Collector<TopicReport, ?, Map<String, String>> names(
      Function<TopicReport, String> what) {
    return Collectors.groupingBy(
        topic -> what.apply(topic).replace(topic.name(), "it"),
        TreeMap::new,
        Collectors.mapping(TopicReport::name, Collectors.joining(", ")));
  }

  private static List<Finding> together(
      Map<String, String> names, BiFunction<String, String, Finding> finding) {
    return names.entrySet().stream()
        .map(entry -> finding.apply(entry.getValue(), entry.getKey()))
        .toList();
  }
}
