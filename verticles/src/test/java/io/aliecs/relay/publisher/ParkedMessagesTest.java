package io.aliecs.relay.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.publisher.topics.TopicLimit;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A topic's limit is lowered under a publisher that is at work, and raised again. */
@Tag("slow")
class ParkedMessagesTest {
  private static final String STANDBY = "aliecs.env_state.STANDBY";
  private static final int GENEROUS = 4_194_304;

  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @TempDir Path folder;
  private PublishingHost host;

  @BeforeEach
  void start() throws Exception {
    host = new PublishingHost(folder.resolve("journal"));
    host.settle(true, kafka.bootstrapServers());
    host.awaitPublishing();
    host.awaitDrained();
  }

  @AfterEach
  void stop() throws Exception {
    host.close();
  }

  private void limit(String topic, int bytes) throws Exception {
    TopicLimit.set(kafka.bootstrapServers(), topic, bytes);
  }

  private void live(String id, long run) throws Exception {
    for (JsonObject event : host.life(id, run)) {
      host.send(event).await();
    }
  }

  private List<ConsumerRecord<String, byte[]>> published(String topic) {
    return new PublishedAudit()
        .read(kafka.bootstrapServers()).of(0).stream()
            .filter(record -> record.topic().equals(topic))
            .toList();
  }

  @Test
  void aMessageOverTheLimitOfItsTopicIsParkedAndAllOthersFlow() throws Exception {
    limit(STANDBY, 100);
    live("env1", 100);
    live("env2", 101);
    host.awaitDrained();

    assertThat(host.state().outbox().parked().values())
        .hasSize(2)
        .allSatisfy(message -> assertThat(message.topic()).isEqualTo(STANDBY))
        .allSatisfy(message -> assertThat(message.reason()).contains(STANDBY, "bytes"));
    assertThat(published(STANDBY)).isEmpty();
    assertThat(published(Topics.SOR)).hasSize(2);
    assertThat(published(Topics.ACTIVE_RUNS)).hasSize(11);
    assertThat(host.status().state()).isEqualTo("publishing");

    limit(STANDBY, GENEROUS);
    host.resend(host.state().outbox().parked().values().stream().map(ParkedMessage::key).toList());
    host.awaitState(state -> state.outbox().parked().isEmpty());
    assertThat(published(STANDBY))
        .extracting(ConsumerRecord::key)
        .containsExactlyInAnyOrder("env1", "env2");
    new PublishedAudit().read(kafka.bootstrapServers()).assertComplete(host.state());
  }

  @Test
  void aListOverTheLimitNeverHoldsUpNotifications() throws Exception {
    limit(Topics.ACTIVE_RUNS, 100);
    live("env1", 100);
    live("env2", 101);
    host.awaitDrained();

    assertThat(published(Topics.SOR)).hasSize(2);
    assertThat(published(Topics.ACTIVE_RUNS)).as("that of the start").hasSize(1);
    assertThat(host.state().outbox().parked()).hasSize(1);

    limit(Topics.ACTIVE_RUNS, GENEROUS);
    host.resend(List.of(new ParkedMessage.Key(0, Topics.ACTIVE_RUNS)));
    host.awaitState(state -> state.outbox().parked().isEmpty());
    assertThat(published(Topics.ACTIVE_RUNS)).hasSize(2);
  }

  @Test
  void whatIsParkedIsSaidAndGoesOutByItselfOnceTheLimitIsRaised() throws Exception {
    limit(STANDBY, 100);
    live("env1", 100);
    live("env2", 101);
    host.awaitStatus(s -> s.reason().contains("2 messages are parked"));
    assertThat(host.status().healthy()).isFalse();
    assertThat(host.status().reason()).contains(STANDBY, "raise max.message.bytes");

    limit(STANDBY, GENEROUS);
    host.awaitState(state -> state.outbox().parked().isEmpty());
    host.awaitStatus(s -> s.healthy());
    assertThat(published(STANDBY)).hasSize(2);
    new PublishedAudit().read(kafka.bootstrapServers()).assertComplete(host.state());
  }

  /** What comes while a transaction is on its way goes out in one: lists that fit, and others. */
  @Test
  void aListThatIsTooLargeDoesNotVanishBehindOlderOnesThatFit() throws Exception {
    limit(Topics.ACTIVE_RUNS, 600);
    List<Future<?>> sent = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      for (JsonObject event : host.life("env" + i, 100 + i).subList(0, 8)) { // it runs
        sent.add(host.send(event));
      }
    }
    for (Future<?> one : sent) {
      one.await();
    }
    host.awaitDrained();

    assertThat(host.state().outbox().parked())
        .containsOnlyKeys(new ParkedMessage.Key(0, Topics.ACTIVE_RUNS));
    limit(Topics.ACTIVE_RUNS, GENEROUS);
    host.awaitState(state -> state.outbox().parked().isEmpty());
    assertThat(new PublishedAudit().read(kafka.bootstrapServers()).lastList(0)).hasSize(30);
  }

  @Test
  void whatIsParkedOutlivesARestart() throws Exception {
    limit(STANDBY, 100);
    live("env1", 100);
    host.awaitDrained();
    host.close();

    host = new PublishingHost(folder.resolve("journal"));
    host.awaitState(state -> state.outbox().parked().size() == 1);
    limit(STANDBY, GENEROUS);
    host.settle(true, kafka.bootstrapServers());
    host.awaitPublishing();
    host.resend(host.state().outbox().parked().values().stream().map(ParkedMessage::key).toList());
    host.awaitState(state -> state.outbox().parked().isEmpty());
    assertThat(published(STANDBY)).hasSize(1);
  }

  /** What waits while no broker answers goes out in one transaction. */
  @Test
  void aPlainReaderSeesNothingTwiceWhenOneMessageOfManyIsTooLarge() throws Exception {
    host.settle(true, "127.0.0.1:" + FreePort.find());
    live("env1", 100);
    live("env2", 101);
    limit(STANDBY, 100);
    host.settle(true, kafka.bootstrapServers());
    host.awaitDrained();

    assertThat(host.state().outbox().parked()).hasSize(2);
    assertPlainReadersSeeEachOnce();

    host.resend(host.state().outbox().parked().values().stream().map(ParkedMessage::key).toList());
    host.awaitState(
        state ->
            state.outbox().size() == 0
                && state.outbox().parked().size() == 2
                && state.outbox().parked().values().stream().noneMatch(ParkedMessage::resending));
    live("env3", 102);
    host.awaitDrained();
    assertThat(host.state().outbox().parked()).as("a resend in vain").hasSize(3);
    assertPlainReadersSeeEachOnce();

    limit(STANDBY, GENEROUS);
    host.resend(host.state().outbox().parked().values().stream().map(ParkedMessage::key).toList());
    host.awaitState(state -> state.outbox().parked().isEmpty());
    assertPlainReadersSeeEachOnce();
    new PublishedAudit().read(kafka.bootstrapServers()).assertComplete(host.state());
  }

  @Test
  void aLimitThatWasRaisedNeedsNoResendForWhatWasNotParked() throws Exception {
    host.settle(false, kafka.bootstrapServers());
    limit(STANDBY, 100);
    host.settle(true, kafka.bootstrapServers());
    host.awaitPublishing();
    limit(STANDBY, GENEROUS);
    live("env1", 100);
    host.awaitDrained();

    assertThat(host.state().outbox().parked()).isEmpty();
    assertThat(published(STANDBY)).hasSize(1);
  }

  private void assertPlainReadersSeeEachOnce() {
    assertThat(TopicReader.readAll(kafka.bootstrapServers(), "read_uncommitted"))
        .extracting(record -> TopicReader.header(record, "ce_id"))
        .isNotEmpty()
        .doesNotHaveDuplicates();
  }
}
