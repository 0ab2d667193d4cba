package io.aliecs.relay.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.ingest.mapping.StreamEventMapper;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.IngestOptions.History;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From AliECS's stream into the real journal, over a restart of the relay. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class IngestToJournalTest {
  private static final int LIVES = 200;

  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @TempDir Path folder;

  @Test
  void everyRunIsTrackedOnceOverARestart(Vertx vertx) throws Exception {
    LocalRecords.register(vertx);
    createTopic();
    send(0);
    assertThat(runsWhenRead(vertx, LIVES)).isEqualTo(LIVES);
    send(LIVES);
    assertThat(runsWhenRead(vertx, 2 * LIVES)).isEqualTo(2 * LIVES);
  }

  /** Runs a relay until it tracks that many runs, and stops it. */
  private int runsWhenRead(Vertx vertx, int expected) throws Exception {
    try {
      IngestOptions options =
          TestOptions.ingest(
              kafka.bootstrapServers(), History.PUBLISH, Duration.ofMillis(100), TestOptions.PLAIN);
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      vertx.deployVerticle(new IngestVerticle(options, meters)).await();
      vertx
          .deployVerticle(
              new EnvironmentVerticle(
                  journalOptions(),
                  TestOptions.history(100, Duration.ofDays(7)),
                  meters,
                  Clock.systemUTC()))
          .await();
      vertx
          .eventBus()
          .publish(
              BusAddresses.SETTINGS_CHANGED,
              new PublishingSettings(true, List.of(kafka.bootstrapServers()), true, 1, 1),
              LocalRecords.LOCAL);
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptionsMatching(failed -> FailureCode.NOT_READY.is(failed))
          .until(() -> state(vertx).running().size() >= expected);
      return state(vertx).running().size();
    } finally {
      for (String id : vertx.deploymentIDs()) {
        vertx.undeploy(id).await();
      }
    }
  }

  private JournalOptions journalOptions() {
    return TestOptions.journal(
        folder.resolve("journal"), "a", Duration.ofMillis(300), 1_000, 10_000, 100_000_000);
  }

  private static RelayState state(Vertx vertx) throws Exception {
    return vertx
        .eventBus()
        .<HostState>request(BusAddresses.HOST_STATE, null, LocalRecords.LOCAL)
        .await()
        .body()
        .newest()
        .state();
  }

  private static void createTopic() throws Exception {
    try (Admin admin = kafka.admin()) {
      NewTopic topic = new NewTopic(StreamEventMapper.ENVIRONMENTS, 3, (short) 1);
      admin.createTopics(List.of(topic)).all().get(60, TimeUnit.SECONDS);
    }
  }

  private static void send(int first) throws Exception {
    List<Future<?>> sent = new ArrayList<>();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringSerializer(),
            new ByteArraySerializer())) {
      for (int i = first; i < first + LIVES; i++) {
        String id = "env-" + i;
        new Upstream(id)
            .untilRunning(i + 1)
            .forEach(
                event ->
                    sent.add(
                        producer.send(
                            new ProducerRecord<>(
                                StreamEventMapper.ENVIRONMENTS, id, event.toByteArray()))));
      }
    }
    for (Future<?> one : sent) {
      one.get(); // says why when a broker did not take it
    }
  }
}
