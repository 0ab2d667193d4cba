package io.aliecs.relay.ingest;

import static org.apache.kafka.common.acl.AclOperation.DESCRIBE;
import static org.apache.kafka.common.acl.AclOperation.READ;
import static org.apache.kafka.common.resource.ResourceType.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.IngestOptions.History;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.testkit.kafka.SecuredKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.api.io.TempDir;

/** A reader that the broker refuses says so, and reads on once it is let in. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class IngestSecurityTest {
  private static final String ENVIRONMENTS = "aliecs.environment";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void aReaderThatIsRefusedNamesTopicAndUserAndReadsOnceItMay(Vertx vertx) throws Exception {
    try (SecuredKafka kafka = SecuredKafka.withPasswords(folder.resolve("kafka"))) {
      kafka.setPassword("reader", "the-right-one");
      write(kafka, new Upstream("env").untilRunning(7));
      Path jaas = folder.resolve("jaas");
      Files.writeString(jaas, jaas("the-wrong-one"));
      FakeJournal journal = new FakeJournal(vertx);
      deploy(vertx, kafka.bootstrapServers(), jaas);
      journal.apply(
          new Command.SettingsChanged(new PublishingSettings(false, List.of(), true, 1, 1), 1));
      journal.lead(true);

      awaitFailing(vertx, "user reader", "does not let in");
      Files.writeString(jaas, jaas("the-right-one"));
      // Either topic may be the one that the broker refuses first.
      awaitFailing(vertx, "user reader", "aliecs.", "Read");
      kafka.allow("reader", TOPIC, "aliecs.", DESCRIBE);
      // Either topic may be the one that the broker refuses first.
      awaitFailing(vertx, "user reader", "aliecs.", "Read");
      kafka.allow("reader", TOPIC, "aliecs.", READ);

      await().atMost(LIMIT).until(() -> status(vertx).state().equals("reading"));
      await()
          .atMost(LIMIT)
          .until(() -> journal.state().running().stream().anyMatch(run -> run.id().equals("env")));
      assertThat(status(vertx).reason()).isEmpty();
      vertx.close().await();
    }
  }

  private static String jaas(String password) {
    return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"reader\""
        + " password=\""
        + password
        + "\";";
  }

  private static void deploy(Vertx vertx, String servers, Path jaas) throws Exception {
    IngestOptions options =
        TestOptions.ingest(
            servers,
            History.PUBLISH,
            Duration.ofMillis(100),
            new KafkaClientProperties(
                Map.of(
                    "security.protocol",
                    "SASL_PLAINTEXT",
                    "sasl.mechanism",
                    "SCRAM-SHA-256",
                    "sasl.jaas.config-file",
                    jaas.toString())));
    vertx.deployVerticle(new IngestVerticle(options, new SimpleMeterRegistry())).await();
  }

  private static void write(SecuredKafka kafka, List<Event> events) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", kafka.openDoor());
    try (Admin admin = Admin.create(config);
        KafkaProducer<String, byte[]> producer =
            new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(ENVIRONMENTS, 1, (short) 1),
                  new NewTopic("aliecs.run", 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
      for (Event event : events) {
        producer
            .send(new ProducerRecord<>(ENVIRONMENTS, "env", event.toByteArray()))
            .get(30, TimeUnit.SECONDS);
      }
    }
  }

  private static void awaitFailing(Vertx vertx, String... words) {
    await()
        .atMost(LIMIT)
        .until(
            () -> status(vertx),
            s ->
                !s.healthy()
                    && s.state().equals("failing")
                    && List.of(words).stream().allMatch(word -> s.reason().contains(word)));
  }

  private static ComponentStatus status(Vertx vertx) throws Exception {
    return vertx
        .eventBus()
        .<ComponentStatus>request(BusAddresses.INGEST_STATUS, null, LocalRecords.LOCAL)
        .await()
        .body();
  }
}
