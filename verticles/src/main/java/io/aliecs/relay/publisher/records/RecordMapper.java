package io.aliecs.relay.publisher.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.aliecs.relay.domain.aliecs.Trace;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.domain.message.Topics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Makes Kafka records of outbox entries. Headers follow the Kafka protocol binding of CloudEvents
 * 1.0 in binary content mode. Not thread safe: lists build on the one before.
 */
public final class RecordMapper {
  /** Key of every list, so that the topic can be compacted. */
  static final String ACTIVE_RUNS_KEY = "active-runs";

  /** About the most bytes of values that are held for one transaction. */
  static final long BATCH_BYTES = 512 * 1024;

  private static final Header SPEC_VERSION = header("ce_specversion", "1.0");

  /** The header that says who has written a record. */
  public static final String SOURCE_HEADER = "ce_source";

  /** The header of what somebody has asked for once more: it says nothing new. */
  public static final String REPEAT_HEADER = "ce_repeat";

  /** The {@code ce_source} of each record. */
  public static final String SOURCE = "/aliecs-relay";

  private static final Header SOURCE_IS_RELAY = header(SOURCE_HEADER, SOURCE);

  private static final Header CONTENT_TYPE = header("content-type", "application/protobuf");

  private static final Header PUBLISHING_WAS_OFF = header("ce_late", "publishing-was-off");

  private static final Header REQUESTED = header(REPEAT_HEADER, "requested");

  private final TopicNames names;
  private final String journalId;
  private final Header epoch;
  private final boolean afterStartActivity;
  private final boolean traced;
  private final ActiveRunsView activeRuns;

  /** By topic: there are few. */
  private final Map<String, Header> types = new HashMap<>();

  private long listedAt;

  /**
   * A mapper for one session.
   *
   * @param epoch how often publishing has started
   * @param traced whether records have the header {@code traceparent}
   * @param base the runs in the list before the first entry
   * @param listedAt the time of that list, ms since epoch
   */
  public RecordMapper(
      TopicNames names,
      String journalId,
      long epoch,
      boolean afterStartActivity,
      boolean traced,
      Collection<EnvironmentInfo> base,
      long listedAt) {
    this.names = names;
    this.journalId = journalId;
    this.epoch = header("ce_epoch", Long.toString(epoch));
    this.afterStartActivity = afterStartActivity;
    this.traced = traced;
    this.activeRuns = new ActiveRunsView(base);
    this.listedAt = listedAt;
  }

  /** The records of the next entries, in their order; of fewer entries when lists are long. */
  public RecordBatch map(List<OutboxEntry> entries) {
    List<RecordBatch.Item> items = new ArrayList<>();
    long bytes = 0;
    int mapped = 0;
    while (mapped < entries.size() && bytes < BATCH_BYTES) {
      OutboxEntry entry = entries.get(mapped++);
      for (RecordBatch.Item item : map(entry)) {
        if (entry.sends(item.topic())) {
          items.add(item);
          bytes += item.record().value().length;
        }
      }
    }
    return new RecordBatch(items, entries.get(mapped - 1).sequence(), mapped, listedAt);
  }

  /** All of an entry, what is withheld too: a record's id holds its place among them. */
  private List<RecordBatch.Item> map(OutboxEntry entry) {
    List<RecordBatch.Item> records = new ArrayList<>();
    List<Header> same = headers(entry);
    for (OutboxMessage message : entry.messages()) {
      if (message instanceof Notification notification) {
        EnvironmentInfo info = notification.environment();
        String key = info.environmentId();
        byte[] value = WireFormat.notification(info, entry.timestamp());
        records.add(record(entry, records.size(), message.topic(), key, value, same));
        if (afterStartActivity && message.topic().equals(Topics.SOR)) {
          records.add(record(entry, records.size(), Topics.AFTER_START, key, value, same));
        }
      } else if (message instanceof ActiveRuns list) {
        activeRuns.follow(list);
        listedAt = Math.max(listedAt, entry.listedAt());
        byte[] value = activeRuns.encode(listedAt);
        records.add(record(entry, records.size(), message.topic(), ACTIVE_RUNS_KEY, value, same));
      }
    }
    return records;
  }

  /** What all records of an entry have. */
  private List<Header> headers(OutboxEntry entry) {
    List<Header> headers = new ArrayList<>();
    headers.add(header("ce_time", Instant.ofEpochMilli(entry.timestamp()).toString()));
    headers.add(CONTENT_TYPE);
    if (!entry.environmentId().isEmpty()) {
      headers.add(header("ce_subject", entry.environmentId()));
    }
    if (!entry.eventId().isEmpty()) {
      headers.add(header("ce_cause", entry.eventId()));
    }
    if (entry.late()) {
      headers.add(PUBLISHING_WAS_OFF);
    }
    if (entry.repeats()) {
      headers.add(REQUESTED);
    }
    if (traced && !entry.eventId().isEmpty()) {
      headers.add(header("traceparent", Trace.of(entry.eventId(), entry.environmentId()).parent()));
    }
    headers.add(header("ce_sequence", Long.toString(entry.sequence())));
    headers.add(epoch);
    return headers;
  }

  private RecordBatch.Item record(
      OutboxEntry entry, int place, String topic, String key, byte[] value, List<Header> same) {
    List<Header> headers = new ArrayList<>(same.size() + 4);
    headers.add(SPEC_VERSION);
    headers.add(header("ce_id", id(entry, place)));
    headers.add(SOURCE_IS_RELAY);
    headers.add(types.computeIfAbsent(topic, type -> header("ce_type", type)));
    headers.addAll(same);
    return new RecordBatch.Item(
        entry.sequence(),
        topic,
        new ProducerRecord<>(names.inKafka(topic), null, null, key, value, headers));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(UTF_8));
  }

  /** The same however often it is sent: made of what never changes. */
  private String id(OutboxEntry entry, int place) {
    return entry.id() == 0
        ? journalId + "/start-" + entry.sequence()
        : journalId + "/" + entry.id() + "/" + place;
  }
}
