package io.aliecs.relay.host.check.station;

import io.aliecs.relay.host.check.station.Finding.Level;
import io.aliecs.relay.host.terminal.DurationText;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import io.aliecs.relay.ingest.stream.StreamTopics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** AliECS's event stream: there, and how old its last event is. */
public final class SourceStation {
  private static final String TOPICS = "source.topics";
  private static final int ANSWER_MS = 3_000;

  private final IngestOptions options;
  private final KafkaSide side;
  private final Executor threads;

  public SourceStation(List<String> servers, IngestOptions options, Executor threads) {
    this.options = options;
    this.threads = threads;
    this.side =
        new KafkaSide(
            "source",
            servers,
            options.bootstrapServers().isEmpty()
                ? "kafkaEndpoints in Consul"
                : "ingest.bootstrap-servers",
            options.clientProperties());
  }

  /** Blocks for some seconds at most. */
  public List<Finding> look() {
    List<Finding> findings = new ArrayList<>(side.brokers(threads));
    if (findings.stream().noneMatch(finding -> finding.level() == Level.OK)) {
      findings.add(Finding.skipped(TOPICS, "AliECS's topics: no broker is reached"));
      return findings;
    }
    try (StreamTopics stream =
        StreamTopics.connect(String.join(",", side.servers()), options, ANSWER_MS)) {
      findings.addAll(topics(stream.newest(StreamConsumer.TOPICS), Instant.now()));
    } catch (RuntimeException failure) {
      Finding why = side.failure(failure);
      findings.add(why);
      findings.add(Finding.skipped(TOPICS, "AliECS's topics: see " + why.id()));
    }
    return findings;
  }

  private List<Finding> topics(Map<String, OptionalLong> newest, Instant now) {
    List<Finding> findings = new ArrayList<>();
    List<String> absent =
        StreamConsumer.TOPICS.stream().filter(topic -> !newest.containsKey(topic)).toList();
    if (!absent.isEmpty()) {
      findings.add(
          Finding.failed(
              "source.topic-absent",
              String.join(", ", absent),
              "not there, at " + String.join(", ", side.servers()),
              "the topics that AliECS writes its event stream to",
              "correct " + side.origin() + " if AliECS writes elsewhere, or make the topic"));
    }
    if (!newest.isEmpty()) {
      findings.add(recent(newest, now));
    }
    return findings;
  }

  private Finding recent(Map<String, OptionalLong> newest, Instant now) {
    String ages =
        StreamConsumer.TOPICS.stream()
            .filter(newest::containsKey)
            .map(topic -> topic + " " + age(newest.get(topic), now))
            .collect(Collectors.joining("; "));
    OptionalLong last = newest.values().stream().flatMapToLong(OptionalLong::stream).max();
    String action =
        "compare with AliECS: it writes to its own kafkaEndpoints, unless enableKafka is false";
    if (last.isEmpty()) {
      return Finding.warning(
          "source.silent", "AliECS's stream", "no event, ever", "events of AliECS", action);
    }
    Duration silence = Duration.between(Instant.ofEpochMilli(last.getAsLong()), now);
    Duration limit = options.quietAfter();
    return !limit.isZero() && silence.compareTo(limit) > 0
        ? Finding.warning(
            "source.old",
            "AliECS's stream",
            "the last event of each topic: " + ages,
            "one within ingest.quiet-after, "
                + DurationText.of(limit.toMillis())
                + ", while AliECS works",
            action)
        : Finding.ok(TOPICS, "AliECS's stream, the last event of each topic: " + ages);
  }

  private static String age(@Nullable OptionalLong last, Instant now) {
    return last == null || last.isEmpty() ? "none" : DurationText.since(last.getAsLong(), now);
  }
}
