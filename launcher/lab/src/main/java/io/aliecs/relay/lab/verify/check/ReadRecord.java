package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.Comparator;
import java.util.List;

/**
 * A record as it was read back.
 *
 * @param broker which Kafka, where there are several
 * @param id header {@code ce_id}
 * @param sequence header {@code ce_sequence}
 * @param epoch header {@code ce_epoch}
 * @param cause header {@code ce_cause}, empty when there is none
 * @param subject header {@code ce_subject}, empty when there is none
 * @param late whether it has the header {@code ce_late}
 * @param repeat whether it has the header {@code ce_repeat}
 * @param time header {@code ce_time}: when the change happened, ms since epoch; −1 when there is
 *     none
 */
public record ReadRecord(
    String broker,
    String topic,
    int partition,
    long offset,
    String id,
    long sequence,
    long epoch,
    String cause,
    String subject,
    boolean late,
    boolean repeat,
    long time,
    Value value) {
  /** The order in which the relay has published. */
  public static final Comparator<ReadRecord> BY_SEQUENCE =
      Comparator.comparingLong(ReadRecord::sequence).thenComparingInt(ReadRecord::place);

  /** What it says. */
  public sealed interface Value {}

  /** An environment in a state. */
  public record Notice(NewStateNotification message) implements Value {}

  /** All active runs. */
  public record Runs(ActiveRunsList message) implements Value {}

  /** No value, or one that is not what its topic says. */
  public record Broken(String reason) implements Value {}

  /** Those of each partition in the order in which they are there. */
  public static List<ReadRecord> byOffset(List<ReadRecord> records) {
    return records.stream().sorted(Comparator.comparingLong(ReadRecord::offset)).toList();
  }

  /** Its place among the messages of one change, the last part of its id; 0 when it has none. */
  int place() {
    String last = id.substring(id.lastIndexOf('/') + 1);
    return last.length() < 6 && last.chars().allMatch(Character::isDigit) && !last.isEmpty()
        ? Integer.parseInt(last)
        : 0;
  }

  /** The partition that it is in, one of a broker's. */
  String log() {
    return broker + " " + topic + "-" + partition;
  }

  /** Where it is, for people. */
  public String where() {
    return log() + "@" + offset + " id " + id + " sequence " + sequence + " epoch " + epoch;
  }
}
