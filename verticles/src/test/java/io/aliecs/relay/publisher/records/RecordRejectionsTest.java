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
  void a_size_is_that_of_a_batch_of_the_record_alone() {
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
  void only_what_is_over_the_limit_of_its_topic_is_refused() throws Exception {
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
  void brokers_are_asked_only_when_there_is_doubt_and_once() throws Exception {
    limits.put(TOPIC, 300);
    RecordRejections refusals = refusals(limits);

    assertThat(refused(refusals, item(TOPIC, 100), item(OTHER, 1_000))).isEmpty();
    assertThat(asked).isEmpty();
    assertThat(refused(refusals, item(TOPIC, 300), item(TOPIC, 400))).containsExactly(0L, 1L);
    assertThat(refused(refusals, item(TOPIC, 300))).containsExactly(0L);
    assertThat(asked).containsExactly(Set.of(TOPIC));
  }

  @Test
  void a_limit_that_was_raised_is_noticed_without_a_resend() throws Exception {
    limits.put(TOPIC, 1_000);
    RecordRejections refusals = refusals(Map.of(TOPIC, 300));

    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
    assertThat(refused(refusals, item(TOPIC, 1_000))).containsExactly(0L);
  }

  @Test
  void a_limit_that_is_not_told_any_more_is_tried_against() throws Exception {
    RecordRejections refusals = refusals(Map.of(TOPIC, 300));

    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
    assertThat(asked).as("not with each record").hasSize(1);
  }

  @Test
  void a_resend_asks_for_the_limit_anew() throws Exception {
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
  void what_was_refused_is_tried_again_by_itself_only_where_its_topic_may_take_it()
      throws Exception {
    limits.put(TOPIC, 300);
    RecordRejections refusals = refusals(limits);
    assertThat(refusals.mended(Set.of(TOPIC))).as("once in a session").containsExactly(TOPIC);
    assertThat(refused(refusals, item(TOPIC, 400), item(TOPIC, 900))).containsExactly(0L, 1L);

    assertThat(refusals.mended(Set.of(TOPIC))).as("nothing was raised").isEmpty();
    limits.put(TOPIC, 500);
    assertThat(refusals.mended(Set.of(TOPIC))).containsExactly(TOPIC);
    assertThat(refused(refusals, item(TOPIC, 400), item(TOPIC, 900))).containsExactly(1L);
    assertThat(refusals.mended(Set.of(TOPIC))).as("not enough for the larger one").isEmpty();
  }

  @Test
  void where_no_limit_is_told_what_was_refused_is_tried_again_but_seldom() throws Exception {
    RecordRejections refusals =
        new RecordRejections(Map.of(), Map.of(), RecordRejections.Limits.UNKNOWN);
    refusals.tooLarge(item(TOPIC, 400), "said the broker");

    assertThat(refusals.mended(Set.of(TOPIC))).containsExactly(TOPIC);
    refusals.tooLarge(item(TOPIC, 400), "said the broker");
    assertThat(refusals.mended(Set.of(TOPIC))).isEmpty();
  }

  @Test
  void after_one_was_tried_in_vain_all_that_are_over_the_limit_are_known() throws Exception {
    RecordRejections refusals = refusals(Map.of(TOPIC, 10_000));
    limits.put(TOPIC, 300);

    refusals.tooLarge(item(TOPIC, 900), "said the broker");

    assertThat(refused(refusals, item(TOPIC, 900), item(TOPIC, 100), item(TOPIC, 400)))
        .containsExactly(0L, 2L);
  }

  @Test
  void without_limits_what_is_as_large_as_one_that_was_refused_is_refused() throws Exception {
    RecordRejections refusals =
        new RecordRejections(Map.of(), Map.of(), RecordRejections.Limits.UNKNOWN);
    refusals.tooLarge(item(TOPIC, 400), "said the broker");

    assertThat(refused(refusals, item(TOPIC, 399), item(TOPIC, 400), item(OTHER, 400)))
        .containsExactly(1L);
    refusals.forgetTooLarge(Set.of(TOPIC));
    assertThat(refused(refusals, item(TOPIC, 400))).isEmpty();
  }

  @Test
  void an_equal_value_with_smaller_headers_or_a_smaller_key_is_tried() throws Exception {
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
  void a_topic_that_takes_nothing_is_not_asked_about() throws Exception {
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
