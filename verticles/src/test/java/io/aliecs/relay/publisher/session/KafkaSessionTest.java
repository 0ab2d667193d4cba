package io.aliecs.relay.publisher.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Command.Refusal;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.publisher.records.RecordBatch;
import io.aliecs.relay.publisher.records.RecordsRejectedException;
import io.aliecs.relay.publisher.topics.TopicLimit;
import io.aliecs.relay.testkit.junit.SharedKafka;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One session with a real broker. */
@Tag("slow")
class KafkaSessionTest {
  private static final String LIMITED = Topics.entered(State.STANDBY);
  private static final int LIMIT = 300;

  /** So many that the first has its answer before the last is sent. */
  private static final int MANY = 3_000;

  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  private KafkaSession session;

  @BeforeEach
  void open() throws Exception {
    session =
        KafkaSession.open(
            List.of(kafka.bootstrapServers()),
            TestOptions.publisher("session", TestOptions.PLAIN),
            null,
            new StepTimes());
    TopicLimit.set(kafka.bootstrapServers(), LIMITED, LIMIT);
  }

  @AfterEach
  void close() throws Exception {
    session.close();
  }

  @Test
  void blamesNoneButTheRecordThatKafkaRefuses() throws Exception {
    RecordBatch batch =
        new RecordBatch(
            Stream.concat(
                    Stream.of(item(1, LIMITED, 2 * LIMIT)),
                    LongStream.rangeClosed(2, MANY)
                        .mapToObj(sequence -> item(sequence, Topics.ACTIVE_RUNS, 7)))
                .toList(),
            MANY,
            MANY,
            0);

    RecordsRejectedException refused =
        catchThrowableOfType(
            RecordsRejectedException.class, () -> session.send(batch, "journal", 1));

    assertThat(refused.refusals())
        .extracting(Refusal::sequence, Refusal::topic)
        .containsExactly(tuple(1L, LIMITED));

    // The session is as good as before: it throws when it does not commit.
    session.send(batch.without(refused.refusals()), "journal", 1);
  }

  @Test
  void aRecordOfJustTheLimitIsTakenAndOneByteMoreIsRefused() throws Exception {
    RecordBatch.Item item = item(1, LIMITED, 200);
    item.record().headers().add("ce_id", "of-the-first".getBytes(UTF_8));
    RecordBatch batch = new RecordBatch(List.of(item), 1, 1, 0);

    TopicLimit.set(kafka.bootstrapServers(), LIMITED, item.size() - 1);
    assertThatThrownBy(() -> session.send(batch, "journal", 1))
        .isInstanceOf(RecordsRejectedException.class);
    TopicLimit.set(kafka.bootstrapServers(), LIMITED, item.size());
    session.send(batch, "journal", 1);
  }

  private static RecordBatch.Item item(long sequence, String topic, int bytes) {
    return new RecordBatch.Item(
        sequence, topic, new ProducerRecord<>(topic, "key", new byte[bytes]));
  }
}
