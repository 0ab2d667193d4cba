package io.aliecs.relay.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a reader has lost is in Kafka once more, once for each request, and marked. */
@Tag("slow")
class ResendTest {
  @TempDir Path folder;

  @Test
  void theListAndAStateComeAgainBehindAllElseAsTheyWereAndMarked() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        PublishingHost host = new PublishingHost(folder.resolve("journal"))) {
      host.settle(true, kafka.bootstrapServers());
      host.awaitPublishing();
      List<JsonObject> life = host.life("env1", 100);
      for (JsonObject event : life.subList(0, life.size() - 2)) { // it stays RUNNING
        host.send(event).await();
      }
      host.awaitDrained();
      int before = read(kafka).size();

      host.ask("1", "");
      host.ask("2", "env1");
      host.ask("2", "env1");
      host.awaitDrained();

      List<ConsumerRecord<String, byte[]>> all = read(kafka);
      assertThat(all).hasSize(before + 2);
      List<ConsumerRecord<String, byte[]>> repeats = all.subList(before, before + 2);
      assertThat(repeats)
          .allSatisfy(r -> assertThat(TopicReader.header(r, "ce_repeat")).isEqualTo("requested"));
      assertThat(repeats)
          .extracting(ConsumerRecord::topic, r -> TopicReader.header(r, "ce_cause"))
          .containsExactly(
              org.assertj.core.api.Assertions.tuple(Topics.ACTIVE_RUNS, "resend:1"),
              org.assertj.core.api.Assertions.tuple(Topics.SOR, "resend:2"));
      for (ConsumerRecord<String, byte[]> repeat : repeats) {
        ConsumerRecord<String, byte[]> first =
            all.subList(0, before).stream()
                .filter(r -> r.topic().equals(repeat.topic()))
                .reduce((a, b) -> b)
                .orElseThrow();
        assertThat(repeat.value()).isEqualTo(first.value());
        assertThat(repeat.key()).isEqualTo(first.key());
        assertThat(first.headers().lastHeader("ce_repeat")).isNull();
      }
    }
  }

  private static List<ConsumerRecord<String, byte[]>> read(EmbeddedKafka kafka) {
    return TopicReader.readAll(kafka.bootstrapServers(), "read_committed");
  }
}
