package io.aliecs.relay.publisher.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.command.Command.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.Test;

/** What is parked without being tried: never what Kafka might take. */
class RecordRejectionsTest {
  private static final String TOPIC = "topic";
  private static final String OTHER = "other";

  /** What the brokers would say now, and what they were asked. */
  private final Map<String, Integer> limits = new HashMap<>();

  private final List<Set<String>> asked = new ArrayList<>();

  private RecordRejections refusals(Map<String, Integer> hints) {
    return new RecordRejections(
        Map.of(),
        hints,
        topics -> {
          asked.add(topics);
          Map<String, Integer> told = new HashMap<>(limits);
          told.keySet().retainAll(topics);
          return told;
        });
  }

  private static RecordBatch.Item item(String topic, int valueBytes) {
    return new RecordBatch.Item(
        1, topic, new ProducerRecord<>(topic, "environment", new byte[valueBytes]));
  }

  private static RecordBatch batch(RecordBatch.Item... items) {
    List<RecordBatch.Item> numbered =
        IntStream.range(0, items.length)
            .mapToObj(i -> new RecordBatch.Item(i, items[i].topic(), items[i].record()))
            .toList();
    return new RecordBatch(numbered, items.length, items.length, 0);
  }

  private static List<Long> refused(RecordRejections refusals, RecordBatch.Item... items)
      throws Exception {
    return refusals.of(batch(items)).stream().map(Refusal::sequence).toList();
  }

  @Test
  void aSizeIsThatOfABatchOfTheRecordAlone() {
    RecordBatch.Item item = item(TOPIC, 500);
    item.record().headers().add("ce_id", new byte[77]).add("größe", new byte[0]);
    RecordBatch.Item umlauts =
        new RecordBatch.Item(1, TOPIC, new ProducerRecord<>(TOPIC, "ümwelt\uD800", new byte[3]));

    for (RecordBatch.Item one : List.of(item, umlauts)) {
      SimpleRecord sent =
          new SimpleRecord(
              1_700_000_000_000L,
              one.record().key().getBytes(java.nio.charset.StandardCharsets.UTF_8),
              one.record().value(),
              one.record().headers().toArray());
      assertThat(one.size())
          .isEqualTo(MemoryRecords.withRecords(Compression.NONE, sent).sizeInBytes());
    }
  }

  @Test
  void onlyWhatIsOverTheLimitOfItsTopicIsRefused() throws Exception {
    RecordBatch.Item fits = item(TOPIC, 300);
    limits.put(TOPIC, fits.size());
    RecordRejections refusals = refusals(limits);

    assertThat(refused(refusals, fits, item(TOPIC, 301), item(OTHER, 301))).containsExactly(1L);
    assertThat(refusals.of(batch(item(TOPIC, 301))))
        .singleElement()
        .satisfies(
            refusal -> {
              assertThat(refusal.reason())
                  .contains(TOPIC, (fits.size() + 1) + " bytes", "max.message.bytes")
                  .contains(" " + fits.size());
              assertThat(refusal.awaitsTopic()).isFalse();
            });
  }

  @Test
  void brokersAreAskedOnlyWhenThereIsDoubtAndOnce() throws Exception {
    limits.put(TOPIC, 300);
    RecordRejections refusals = refusals(limits);

    assertThat(refused(refusals, item(TOPIC, 100), item(OTHER, 1_000))).isEmpty();
    assertThat(asked).isEmpty();
    assertThat(refused(refusals, item(TOPIC, 300), item(TOPIC, 400))).containsExactly(0L, 1L);
    assertThat(refused(refusals, item(TOPIC, 300))).containsExactly(0L);
    assertThat(asked).containsExactly(Set.of(TOPIC));
  }

  @Test
  void aLimitThatWasRaisedIsNoticedWithoutAResend() throws Exception {
    limits.put(TOPIC, 1_000);
    RecordRejections refusals = refusals(Map.of(TOPIC, 300));

    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
    assertThat(refused(refusals, item(TOPIC, 1_000))).containsExactly(0L);
  }

  @Test
  void aLimitThatIsNotToldAnyMoreIsTriedAgainst() throws Exception {
    RecordRejections refusals = refusals(Map.of(TOPIC, 300));

    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
    assertThat(asked).as("not with each record").hasSize(1);
  }

  @Test
  void aResendAsksForTheLimitAnew() throws Exception {
    limits.put(TOPIC, 300);
    RecordRejections refusals = refusals(limits);
    assertThat(refused(refusals, item(TOPIC, 400))).containsExactly(0L);

    refusals.forgetTooLarge(Set.of(TOPIC));
    assertThat(refused(refusals, item(TOPIC, 400))).as("nothing was raised").containsExactly(0L);

    limits.put(TOPIC, 1_000);
    refusals.forgetTooLarge(Set.of(TOPIC));
    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
  }

  @Test
  void whatWasRefusedIsTriedAgainByItselfOnlyWhereItsTopicMayTakeIt() throws Exception {
    limits.put(TOPIC, 300);
    RecordRejections refusals = refusals(limits);
    assertThat(refusals.recovered(Set.of(TOPIC))).as("once in a session").containsExactly(TOPIC);
    assertThat(refused(refusals, item(TOPIC, 400), item(TOPIC, 900))).containsExactly(0L, 1L);

    assertThat(refusals.recovered(Set.of(TOPIC))).as("nothing was raised").isEmpty();
    limits.put(TOPIC, 500);
    assertThat(refusals.recovered(Set.of(TOPIC))).containsExactly(TOPIC);
    assertThat(refused(refusals, item(TOPIC, 400), item(TOPIC, 900))).containsExactly(1L);
    assertThat(refusals.recovered(Set.of(TOPIC))).as("not enough for the larger one").isEmpty();
  }

  @Test
  void whereNoLimitIsToldWhatWasRefusedIsTriedAgainButSeldom() throws Exception {
    RecordRejections refusals =
        new RecordRejections(Map.of(), Map.of(), RecordRejections.Limits.UNKNOWN);
    refusals.tooLarge(item(TOPIC, 400), "said the broker");

    assertThat(refusals.recovered(Set.of(TOPIC))).containsExactly(TOPIC);
    refusals.tooLarge(item(TOPIC, 400), "said the broker");
    assertThat(refusals.recovered(Set.of(TOPIC))).isEmpty();
  }

  @Test
  void afterOneWasTriedInVainAllThatAreOverTheLimitAreKnown() throws Exception {
    RecordRejections refusals = refusals(Map.of(TOPIC, 10_000));
    limits.put(TOPIC, 300);

    refusals.tooLarge(item(TOPIC, 900), "said the broker");

    assertThat(refused(refusals, item(TOPIC, 900), item(TOPIC, 100), item(TOPIC, 400)))
        .containsExactly(0L, 2L);
  }

  @Test
  void withoutLimitsWhatIsAsLargeAsOneThatWasRefusedIsRefused() throws Exception {
    RecordRejections refusals =
        new RecordRejections(Map.of(), Map.of(), RecordRejections.Limits.UNKNOWN);
    refusals.tooLarge(item(TOPIC, 400), "said the broker");

    assertThat(refused(refusals, item(TOPIC, 399), item(TOPIC, 400), item(OTHER, 400)))
        .containsExactly(1L);
    refusals.forgetTooLarge(Set.of(TOPIC));
    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
  }

  @Test
  void anEqualValueWithSmallerHeadersOrASmallerKeyIsTried() throws Exception {
    RecordRejections refusals =
        new RecordRejections(Map.of(), Map.of(), RecordRejections.Limits.UNKNOWN);
    RecordBatch.Item large = item(TOPIC, 400);
    large.record().headers().add("ce_cause", new byte[100]);
    refusals.tooLarge(large, "said the broker");

    RecordBatch.Item smallerKey =
        new RecordBatch.Item(1, TOPIC, new ProducerRecord<>(TOPIC, "k", new byte[400]));
    smallerKey.record().headers().add("ce_cause", new byte[100]);
    assertThat(refused(refusals, item(TOPIC, 400), smallerKey, large)).containsExactly(2L);
  }

  @Test
  void aTopicThatTakesNothingIsNotAskedAbout() throws Exception {
    RecordRejections refusals =
        new RecordRejections(
            Map.of(TOPIC, "no right"),
            Map.of(TOPIC, 10),
            topics -> {
              throw new AssertionError("asked about " + topics);
            });

    assertThat(refusals.of(batch(item(TOPIC, 400))))
        .singleElement()
        .satisfies(refusal -> assertThat(refusal.awaitsTopic()).isTrue());
  }
}
