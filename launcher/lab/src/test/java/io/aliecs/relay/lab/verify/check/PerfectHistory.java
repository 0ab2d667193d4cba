package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.simulate.SimulatedCore;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import io.aliecs.relay.lab.verify.expected.RunHistory;
import io.aliecs.relay.lab.verify.load.ScriptedLives;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** A load, and the records of a publisher that does everything right. */
public final class PerfectHistory {
  public final List<ExpectedChange> changes = new ArrayList<>();
  public final List<ReadRecord> records = new ArrayList<>();
  private final Map<String, Long> offsets = new HashMap<>();
  private long sequence;
  private long entry;
  private long epoch;
  private long listedAt;

  /** A load of so many steps; nothing is published yet. */
  public static PerfectHistory ofSteps(int steps) {
    AtomicLong millis = new AtomicLong(1_700_000_000_000L);
    ScriptedLives lives =
        new ScriptedLives(
            7, 8, () -> Instant.ofEpochMilli(millis.incrementAndGet()), SimulatedCore.NONE);
    PerfectHistory history = new PerfectHistory();
    for (int i = 0; i < steps; i++) {
      history.changes.addAll(lives.next().changes());
    }
    return history;
  }

  /** One epoch that has everything. */
  public static PerfectHistory published(int steps) {
    PerfectHistory history = ofSteps(steps);
    history.start(-1, 1);
    history.publish(history.changes);
    return history;
  }

  public ExpectedLoad load() {
    return new ExpectedLoad(changes, List.of(), false);
  }

  /** An epoch begins after the change of that order. */
  public void start(long order, long timestamp) {
    epoch++;
    sequence++;
    add(
        "aliecs.env_list.RUNNING",
        "j/start-" + sequence,
        "",
        timestamp,
        list(new RunHistory(changes).after(order), timestamp));
  }

  public void publish(List<ExpectedChange> some) {
    publish(some, -1);
  }

  /** Publishes; the lists of changes up to that order say what was true after it. */
  public void publish(List<ExpectedChange> some, long restatedUpTo) {
    RunHistory runs = new RunHistory(changes);
    for (ExpectedChange change : some) {
      if (!change.published()) {
        continue;
      }
      sequence++;
      entry++;
      int place = 0;
      for (ExpectedMessage message : change.messages()) {
        add(
            message.topic(),
            "j/" + entry + "/" + place++,
            change.environmentId(),
            change.timestamp(),
            new ReadRecord.Notice(message.value()));
      }
      if (change.listed()) {
        List<EnvInfo> active = runs.after(Math.max(restatedUpTo, change.order()));
        add(
            "aliecs.env_list.RUNNING",
            "j/" + entry + "/" + place,
            change.environmentId(),
            change.timestamp(),
            list(active, change.timestamp()));
      }
    }
  }

  /** Publishes once more what a record says, as that request asks for it; the new record. */
  public ReadRecord repeat(ReadRecord said, String request) {
    sequence++;
    entry++;
    boolean list = said.value() instanceof ReadRecord.Runs;
    ReadRecord repeat =
        new ReadRecord(
            said.broker(),
            said.topic(),
            said.partition(),
            offsets.merge(said.topic(), 1L, Long::sum),
            "j/" + entry + "/0",
            sequence,
            epoch,
            "resend:" + request,
            list ? "" : said.subject(),
            false,
            true,
            said.time(),
            said.value());
    records.add(repeat);
    return repeat;
  }

  private ReadRecord.Value list(List<EnvInfo> runs, long timestamp) {
    listedAt = Math.max(listedAt, timestamp);
    return new ReadRecord.Runs(
        ActiveRunsList.newBuilder().addAllActiveRuns(runs).setTimestamp(listedAt).build());
  }

  private void add(String topic, String id, String subject, long time, ReadRecord.Value value) {
    records.add(
        new ReadRecord(
            "kafka",
            topic,
            0,
            offsets.merge(topic, 1L, Long::sum),
            id,
            sequence,
            epoch,
            subject,
            subject,
            false,
            false,
            time,
            value));
  }

  /** The index of the first record at or behind {@code from} that is so. */
  public int find(int from, Predicate<ReadRecord> wanted) {
    for (int i = from; i < records.size(); i++) {
      if (wanted.test(records.get(i))) {
        return i;
      }
    }
    throw new AssertionError("no such record behind " + from);
  }

  /** The same record with another value. */
  public static ReadRecord saying(ReadRecord record, ReadRecord.Value value) {
    return copy(record, record.offset(), record.id(), record.sequence(), record.epoch(), value);
  }

  /** The same message at another place. */
  public static ReadRecord at(
      ReadRecord record, long offset, String id, long sequence, long epoch) {
    return copy(record, offset, id, sequence, epoch, record.value());
  }

  /** A message on another topic that goes with a list, behind all. */
  public static ReadRecord told(
      ReadRecord list, String topic, long offset, NewStateNotification message) {
    return new ReadRecord(
        list.broker(),
        topic,
        1, // a partition of its own: its offset says nothing beside others
        offset,
        "j/" + offset + "/0",
        list.sequence(),
        list.epoch(),
        list.cause(),
        list.subject(),
        false,
        false,
        list.time(),
        new ReadRecord.Notice(message));
  }

  private static ReadRecord copy(
      ReadRecord record,
      long offset,
      String id,
      long sequence,
      long epoch,
      ReadRecord.Value value) {
    return new ReadRecord(
        record.broker(),
        record.topic(),
        record.partition(),
        offset,
        id,
        sequence,
        epoch,
        record.cause(),
        record.subject(),
        record.late(),
        record.repeat(),
        record.time(),
        value);
  }
}
