package io.aliecs.relay.publisher;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.proto.journal.Watermark;
import io.aliecs.relay.publisher.kafka.WatermarkReader;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.aliecs.relay.testkit.kafka.KafkaOptions;
import io.aliecs.relay.testkit.proxy.TcpProxy;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The plugin turned off, on and elsewhere while transitions flow, on real brokers. */
@Tag("slow")
class PublisherSwitchTest {
  private static final int SWITCHES = 1_000;
  private static final int LIVES = 210;

  @RegisterExtension static final SharedKafka first = new SharedKafka();

  @TempDir Path folder;
  private PublishingHost host;

  @BeforeEach
  void start() throws Exception {
    host = new PublishingHost(folder.resolve("journal"));
  }

  @AfterEach
  void stop() throws Exception {
    host.close();
  }

  @Test
  void aThousandSwitchesLoseDoubleAndLeakNothing() throws Exception {
    Deque<JsonObject> events = interleaved(LIVES);
    Set<String> surelyOn = new HashSet<>();
    Set<String> surelyOff = new HashSet<>();
    String broker = first.bootstrapServers();
    for (int i = 0; i < SWITCHES; i++) {
      boolean on = i % 2 == 0;
      if (i % 50 < 2) { // for some it is known from outside whether it was on
        host.settle(on, broker);
        (on ? surelyOn : surelyOff).add(sendNext(events));
        if (i % 200 == 0) {
          host.awaitPublishing();
        }
      } else {
        host.say(on, broker);
        sendNext(events);
      }
      sendNext(events);
    }
    while (!events.isEmpty()) {
      sendNext(events);
    }
    host.settle(true, broker);
    host.awaitPublishing();
    host.awaitDrained();
    await().atMost(ofSeconds(20)).until(() -> open("kafka-producer") == 1); // closed off the loop

    PublishedAudit audit = new PublishedAudit().read(broker).assertExact(host.state());
    assertThat(surelyOn).hasSize(SWITCHES / 50);
    assertThat(surelyOff).hasSize(SWITCHES / 50);
    assertThat(audit.causes()).containsAll(surelyOn).doesNotContainAnyElementsOf(surelyOff);
    assertThat(audit.lastList(0)).isEqualTo(running(host.state()));

    host.settle(false, broker);
    host.awaitStatus(s -> s.state().equals("off"));
    assertThat(open("kafka-producer")).isZero();
    assertThat(open("kafka-admin-client")).isZero();
    assertThat(open("relay-publisher")).isEqualTo(1);
  }

  @Test
  void movedWithAThousandInFlightEachMessageIsOnOneBroker() throws Exception {
    int port = FreePort.find();
    try (EmbeddedKafka slow =
            EmbeddedKafka.start(KafkaOptions.in(folder.resolve("slow")).advertising(port));
        TcpProxy wire = TcpProxy.start(port, "127.0.0.1", slow.port())) {
      host.settle(true, wire.address());
      host.awaitPublishing();
      wire.delay(Duration.ofMillis(200)); // what was accepted piles up before it
      List<Future<?>> sent = new ArrayList<>();
      for (JsonObject event : interleaved(150)) {
        sent.add(host.send(event));
      }
      host.awaitState(s -> s.outbox().size() >= 1_000);
      host.settle(true, first.bootstrapServers());
      assertThat(host.state().outbox().size()).isGreaterThanOrEqualTo(1_000);
      for (Future<?> one : sent) {
        one.await();
      }
      wire.delay(Duration.ZERO);
      host.awaitPublishing();
      host.awaitDrained();

      PublishedAudit audit =
          new PublishedAudit()
              .read(slow.bootstrapServers().replace(":" + slow.port(), ":" + port))
              .read(first.bootstrapServers())
              .assertExact(host.state());
      assertThat(audit.of(0)).isNotEmpty();
      assertThat(audit.of(1)).hasSizeGreaterThan(1_000);
      assertThat(audit.of(1).get(0)).matches(PublishedAudit::startsPublishing, "is the list");
      assertThat(audit.of(1).stream().filter(PublishedAudit::startsPublishing)).hasSize(1);
      assertThat(audit.lastList(1)).isEqualTo(running(host.state()));
    }
  }

  @Test
  void whatTheBrokerBeforeHasWithoutOurKnowingIsNotSentToTheNextOne() throws Exception {
    int port = FreePort.find();
    try (EmbeddedKafka before =
            EmbeddedKafka.start(KafkaOptions.in(folder.resolve("before")).advertising(port));
        TcpProxy wire = TcpProxy.start(port, "127.0.0.1", before.port())) {
      stopWithTenPending(wire);
      wire.heal();
      RelayState owed = host.state();
      long has = owed.outbox().delivered() + 4;
      // As if the last transaction had got through and the relay had died before it was told.
      writeWatermark(
          wire.address(),
          Watermark.newBuilder()
              .setJournalId(owed.journalId())
              .setSequence(has)
              .setEpoch(owed.epoch())
              .build());

      host.settle(true, first.bootstrapServers());
      host.awaitPublishing();
      host.awaitDrained();
      List<String> late = owed.outbox().after(has, 100).stream().map(OutboxEntry::eventId).toList();
      assertThat(late).hasSize(6);
      assertThat(new PublishedAudit().read(first.bootstrapServers()).causes())
          .containsExactlyInAnyOrderElementsOf(late);
    }
  }

  @Test
  void whereTheBrokerBeforeDoesNotAnswerEverythingGoesToTheNextOne() throws Exception {
    int port = FreePort.find();
    try (EmbeddedKafka before =
            EmbeddedKafka.start(KafkaOptions.in(folder.resolve("before")).advertising(port));
        TcpProxy wire = TcpProxy.start(port, "127.0.0.1", before.port())) {
      stopWithTenPending(wire);
      List<String> owed =
          host.state().outbox().after(host.state().outbox().delivered(), 100).stream()
              .map(OutboxEntry::eventId)
              .toList();

      host.settle(true, first.bootstrapServers());
      host.awaitPublishing();
      host.awaitDrained();
      assertThat(new PublishedAudit().read(first.bootstrapServers()).causes())
          .containsExactlyInAnyOrderElementsOf(owed);
    }
  }

  private static void writeWatermark(String broker, Watermark reached) throws Exception {
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker),
            new StringSerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.WATERMARK,
                  0,
                  WatermarkReader.watermarkKey("relay-switch"),
                  reached.toByteArray()))
          .get(60, TimeUnit.SECONDS);
    }
  }

  /** A host that has published, was cut off and turned off with ten changes left, started anew. */
  private void stopWithTenPending(TcpProxy wire) throws Exception {
    host.settle(true, wire.address());
    host.awaitPublishing();
    wire.refuse();
    for (JsonObject event : host.life("env", 100)) {
      host.send(event).await();
    }
    host.settle(false, wire.address());
    host.awaitStatus(s -> s.state().equals("off"));
    assertThat(host.state().outbox().size()).isEqualTo(10);
    host.close();
    host = new PublishingHost(folder.resolve("journal"));
    host.awaitStatus(s -> s.state().equals("off"));
  }

  @Test
  void anUnreachableEndpointKeepsEverythingAndSaysWhy() throws Exception {
    Deque<JsonObject> events = interleaved(12);
    host.settle(true, first.bootstrapServers());
    host.awaitPublishing();
    for (int i = 0; i < 40; i++) {
      sendNext(events);
    }
    host.awaitDrained();
    long delivered = host.state().outbox().delivered();

    String nowhere = "127.0.0.1:" + FreePort.find();
    host.settle(true, nowhere);
    for (int i = 0; i < 40; i++) {
      sendNext(events);
    }
    host.awaitStatus(s -> s.state().equals("failing"));
    assertThat(host.status().healthy()).isFalse();
    assertThat(host.status().reason())
        .startsWith(nowhere + ": no answer within 5000 ms (expected: a Kafka broker")
        .contains("it is tried again");
    assertThat(host.state().outbox().delivered()).isEqualTo(delivered);
    assertThat(host.state().outbox().size()).isGreaterThanOrEqualTo(40);

    host.settle(true, first.bootstrapServers());
    while (!events.isEmpty()) {
      sendNext(events);
    }
    host.awaitPublishing();
    host.awaitDrained();
    assertThat(host.state().outbox().delivered()).isGreaterThan(delivered);
    PublishedAudit audit =
        new PublishedAudit().read(first.bootstrapServers()).assertExact(host.state());
    assertThat(audit.lastList(0)).isEqualTo(running(host.state()));
  }

  @Test
  void aBrokerThatIsDownAtTheStartGetsEverythingOnceItIsThere() throws Exception {
    int port = FreePort.find();
    Deque<JsonObject> events = interleaved(8);
    host.settle(true, "127.0.0.1:" + port);
    host.awaitStatus(s -> s.state().equals("failing"));
    while (!events.isEmpty()) {
      sendNext(events);
    }
    try (EmbeddedKafka late = EmbeddedKafka.start(folder.resolve("late"), port)) {
      host.awaitPublishing();
      host.awaitDrained();
      PublishedAudit audit =
          new PublishedAudit().read(late.bootstrapServers()).assertExact(host.state());
      assertThat(audit.lastList(0)).isEqualTo(running(host.state()));
    }
  }

  /** The events of so many lives, four lives at a time. */
  private Deque<JsonObject> interleaved(int lives) {
    Deque<JsonObject> events = new ArrayDeque<>();
    for (int i = 0; i < lives; i += 4) {
      List<List<JsonObject>> together = new ArrayList<>();
      for (int j = i; j < Math.min(i + 4, lives); j++) {
        together.add(host.life("env" + j, 100 + j));
      }
      for (int step = 0; step < together.get(0).size(); step++) {
        for (List<JsonObject> life : together) {
          events.add(life.get(step));
        }
      }
    }
    return events;
  }

  /** Sends the next event and waits until it is safe; its id. */
  private String sendNext(Deque<JsonObject> events) throws Exception {
    JsonObject event = events.remove();
    host.send(event).await();
    return event.getString("eventId");
  }

  private static Set<String> running(RelayState state) {
    return state.running().stream().map(Environment::id).collect(Collectors.toSet());
  }

  /** How many Kafka clients of a kind are open; each has a thread of its own. */
  private static long open(String kind) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith(kind))
        .count();
  }
}
