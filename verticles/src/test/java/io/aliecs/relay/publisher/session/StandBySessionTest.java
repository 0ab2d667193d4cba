package io.aliecs.relay.publisher.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.records.RecordBatch;
import io.aliecs.relay.publisher.topics.TopicPreparation;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.aliecs.relay.testkit.kafka.KafkaOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class StandBySessionTest {
  private static final PublisherOptions OPTIONS =
      new PublisherOptions(
          TopicNames.USUAL,
          "aliecs-relay",
          1,
          (short) -1,
          1,
          false,
          false,
          Duration.ofSeconds(5),
          false,
          TestOptions.PLAIN);

  @Test
  void leavesTopicsToTheHostThatLeadsWhereBrokersMakeWhatIsAskedFor(@TempDir Path folder)
      throws Exception {
    try (EmbeddedKafka kafka =
            EmbeddedKafka.start(KafkaOptions.in(folder).with("auto.create.topics.enable", "true"));
        Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      List<String> servers = List.of(kafka.bootstrapServers());
      assertThatThrownBy(() -> StandBySession.open(servers, OPTIONS))
          .hasMessageContaining("aliecs.relay.watermark is not there yet");
      assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS)).isEmpty();

      TopicPreparation.prepare(new ClientConfig(servers, OPTIONS), OPTIONS);
      assertThatCode(() -> StandBySession.open(servers, OPTIONS).close())
          .doesNotThrowAnyException();
    }
  }

  @Test
  void fencesNobodyUntilItTakesOverAndFindsWhatWasPublishedMeanwhile(@TempDir Path folder)
      throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(KafkaOptions.in(folder))) {
      List<String> servers = List.of(kafka.bootstrapServers());
      try (KafkaSession leader = KafkaSession.open(servers, OPTIONS, null, new StepTimes())) {
        StandBySession ready = StandBySession.open(servers, OPTIONS);
        leader.send(new RecordBatch(List.of(), 7, 1, 0), "journal", 3);

        try (KafkaSession next = KafkaSession.open(servers, OPTIONS, ready, new StepTimes())) {
          assertThat(next.watermark().getSequence()).isEqualTo(7);
          assertThatThrownBy(() -> leader.send(new RecordBatch(List.of(), 8, 1, 0), "journal", 3))
              .isInstanceOf(KafkaException.class);
          next.send(new RecordBatch(List.of(), 8, 1, 0), "journal", 4);
        }
      }
    }
  }
}
