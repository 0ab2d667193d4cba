package io.aliecs.relay;

import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.environment.HistoryOptions;
import io.aliecs.relay.ingest.mapping.Workflows;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.IngestOptions.History;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.settings.KafkaClientProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Options as usual but for what a test says. */
public final class TestOptions {
  /** Kafka clients that nothing is asked of. */
  public static final KafkaClientProperties PLAIN = new KafkaClientProperties(Map.of());

  private TestOptions() {}

  /**
   * A journal that one host keeps alone.
   *
   * @param election least time without a leader before an election; the most is twice that
   */
  public static JournalOptions journal(
      Path folder,
      String host,
      Duration election,
      long snapshotEvery,
      int backlogLimit,
      long backlogBytes) {
    return new JournalOptions(
        folder,
        host,
        List.of(JournalOptions.alone(host)),
        true,
        Optional.empty(),
        election,
        election.multipliedBy(2),
        snapshotEvery,
        backlogLimit,
        backlogBytes);
  }

  /** What is kept of environments that have ended. */
  public static HistoryOptions history(int environments, Duration age) {
    return new HistoryOptions(environments, age, HistoryOptions.DEFAULT_END_GRACE);
  }

  /** A stream of the usual workflow that may be silent for hours. */
  public static IngestOptions ingest(
      String servers, History history, Duration runGrace, KafkaClientProperties clients) {
    return new IngestOptions(
        true,
        servers,
        history,
        runGrace,
        Workflows.USUAL,
        IngestOptions.DEFAULT_QUIET_AFTER,
        clients);
  }

  /** One broker, topics by their usual names, without traces. */
  public static PublisherOptions publisher(String transactionalId, KafkaClientProperties clients) {
    return publisher(TopicNames.USUAL, transactionalId, clients);
  }

  /** One broker, without traces. */
  public static PublisherOptions publisher(
      TopicNames topics, String transactionalId, KafkaClientProperties clients) {
    return new PublisherOptions(
        topics,
        transactionalId,
        1,
        (short) 1,
        1,
        false,
        false,
        Duration.ofSeconds(2),
        false,
        clients);
  }

  /** A Consul agent here that needs neither token nor TLS. */
  public static ConsulOptions consul(int port) {
    return consul("127.0.0.1:" + port);
  }

  /** Consul agents that need neither token nor TLS, with commas between them. */
  public static ConsulOptions consul(String addresses) {
    return ConsulOptions.fromEnvironment(Map.of("CONSUL_HTTP_ADDR", addresses));
  }
}
