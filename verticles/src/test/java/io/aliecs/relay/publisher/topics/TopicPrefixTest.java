package io.aliecs.relay.publisher.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Command.Refusal;
import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.records.RecordBatch;
import io.aliecs.relay.publisher.records.RecordsRejectedException;
import io.aliecs.relay.publisher.session.KafkaSession;
import io.aliecs.relay.publisher.session.StepTimes;
import io.aliecs.relay.testkit.junit.SharedKafka;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Topics with a prefix of their own, in a real Kafka. */
@Tag("slow")
class TopicPrefixTest {
  private static final TopicNames BESIDE = new TopicNames("beside.");
  private static final String STANDBY = Topics.entered(State.STANDBY);

  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  private static KafkaSession open(TopicNames names) throws Exception {
    return KafkaSession.open(
        List.of(kafka.bootstrapServers()), options(names), null, new StepTimes());
  }

  private static PublisherOptions options(TopicNames names) {
    return TestOptions.publisher(names, "prefix", TestOptions.PLAIN);
  }

  private static RecordBatch batch(long sequence, int bytes) {
    ProducerRecord<String, byte[]> record =
        new ProducerRecord<>(BESIDE.inKafka(STANDBY), "key", new byte[bytes]);
    return new RecordBatch(
        List.of(new RecordBatch.Item(sequence, STANDBY, record)), sequence, 1, 0);
  }

  @Test
  void everyTopicHasItAndWhatWasPublishedWithOneSaysNothingOfAnother() throws Exception {
    try (KafkaSession session = open(BESIDE)) {
      session.send(batch(7, 10), "journal", 1);
    }
    try (Admin admin = kafka.admin()) {
      assertThat(admin.listTopics().names().get())
          .containsAll(TopicSpecs.names(options(BESIDE)))
          .contains("beside.env_state.STANDBY", "beside.relay.watermark");
    }
    try (KafkaSession session = open(BESIDE)) {
      assertThat(session.watermark().getSequence()).isEqualTo(7);
    }
    try (KafkaSession session = open(TopicNames.USUAL)) {
      assertThat(session.watermark().getSequence()).isZero();
    }
  }

  @Test
  void whatKafkaRefusesGoesByItsUsualName() throws Exception {
    try (KafkaSession session = open(BESIDE)) {
      TopicLimit.set(kafka.bootstrapServers(), BESIDE.inKafka(STANDBY), 300);
      RecordsRejectedException refused =
          catchThrowableOfType(
              RecordsRejectedException.class, () -> session.send(batch(8, 600), "journal", 1));
      assertThat(refused.refusals()).extracting(Refusal::topic).containsExactly(STANDBY);
      assertThat(refused.refusals().get(0).reason()).contains("beside.env_state.STANDBY");

      assertThat(session.refusals().recovered(Set.of(STANDBY))).isEmpty();
      TopicLimit.set(kafka.bootstrapServers(), BESIDE.inKafka(STANDBY), 3_000);
      assertThat(session.refusals().recovered(Set.of(STANDBY))).containsExactly(STANDBY);
    }
  }
}
