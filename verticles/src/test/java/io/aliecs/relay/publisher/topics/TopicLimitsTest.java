package io.aliecs.relay.publisher.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.publisher.kafka.ClientConfig;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.session.KafkaSession;
import io.aliecs.relay.publisher.session.StepTimes;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.junit.SharedKafka;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a real broker tells of its limits. */
@Tag("slow")
class TopicLimitsTest {
  private static final int DEFAULT = 1_048_588;
  private static final String EOR = Topics.leaving(State.RUNNING);

  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @BeforeEach
  void start() throws Exception {
    KafkaSession.open(List.of(kafka.bootstrapServers()), options(Map.of()), null, new StepTimes())
        .close();
    TopicLimit.set(kafka.bootstrapServers(), Topics.SOR, 500);
  }

  @Test
  void aTopicHasItsOwnLimitOrThatOfTheBrokers() throws Exception {
    Map<String, Integer> expected = Map.of(Topics.SOR, 500, EOR, DEFAULT);

    assertThat(limits(kafka.bootstrapServers(), Map.of()).of(expected.keySet()))
        .isEqualTo(expected);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      assertThat(TopicLimits.hints(admin, expected.keySet())).isEqualTo(expected);
    }
  }

  @Test
  void aTopicThatIsNotThereHasNone() throws Exception {
    assertThat(limits(kafka.bootstrapServers(), Map.of()).of(Set.of("nowhere", Topics.SOR)))
        .isEqualTo(Map.of(Topics.SOR, 500));
  }

  @Test
  void noneCountsWhenRecordsAreCompressed() throws Exception {
    Map<String, String> compressed = Map.of("compression.type", "zstd");

    assertThat(limits(kafka.bootstrapServers(), compressed).of(Set.of(Topics.SOR))).isEmpty();
    ClientConfig config = new ClientConfig(List.of(kafka.bootstrapServers()), options(compressed));
    assertThat(TopicPreparation.prepare(config, config.options()).limits()).isEmpty();
  }

  @Test
  void aSessionBeginsWithWhatIsTold() throws Exception {
    ClientConfig config = new ClientConfig(List.of(kafka.bootstrapServers()), options(Map.of()));

    assertThat(TopicPreparation.prepare(config, config.options()).limits())
        .containsEntry(Topics.SOR, 500)
        .containsEntry(EOR, DEFAULT)
        .containsEntry(Topics.ACTIVE_RUNS, 4 * 1024 * 1024);
  }

  @Test
  void withoutABrokerNothingIsToldAndNothingFails() throws Exception {
    assertThat(limits("127.0.0.1:" + FreePort.find(), Map.of()).of(Set.of(Topics.SOR))).isEmpty();
  }

  private static TopicLimits limits(String servers, Map<String, String> clients) {
    return new TopicLimits(new ClientConfig(List.of(servers), options(clients)));
  }

  private static PublisherOptions options(Map<String, String> clients) {
    return TestOptions.publisher("limits", new KafkaClientProperties(clients));
  }
}
