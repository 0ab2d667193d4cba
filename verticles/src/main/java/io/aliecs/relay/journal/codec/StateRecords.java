package io.aliecs.relay.journal.codec;

import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.PublishingGap;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.ListTime;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.proto.journal.InferredEndRecord;
import io.aliecs.relay.proto.journal.OutboxRecord;
import io.aliecs.relay.proto.journal.ResendRecord;
import io.aliecs.relay.proto.journal.SourceRecord;
import io.aliecs.relay.proto.journal.StateRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePVector;

/** The whole state as it is written in a snapshot. */
public final class StateRecords {
  private StateRecords() {}

  public static StateRecord write(RelayState state) {
    StateRecord.Builder record =
        StateRecord.newBuilder()
            .setVersion(version(state))
            .setJournalId(state.journalId())
            .setSettings(CommandRecords.write(state.settings()))
            .setGeneration(state.generation())
            .setSettingsSince(state.settingsSince())
            .addAllEndedId(state.endedOrder())
            .addAllEndedEventId(endedEventIds(state))
            .setOutbox(write(state.outbox()))
            .setEpoch(state.epoch())
            .addAllPublishedTo(state.publishedTo());
    if (state.endedLimit() != RelayState.ENDED_LIMIT) {
      record.setEndedLimit(state.endedLimit());
    }
    if (state.rules() > Rules.FIRST) {
      record.setRules(state.rules());
    }
    record.setCoreStartedAt(state.coreStartedAt()).setLastLoadedAt(state.lastLoadedAt());
    state
        .inferredEnds()
        .forEach(
            (id, at) ->
                record.addInferredEnd(
                    InferredEndRecord.newBuilder().setEnvironmentId(id).setEndedAt(at)));
    state.environments().values().forEach(e -> record.addEnvironment(EnvironmentRecords.write(e)));
    state.ended().forEach(e -> record.addEnded(EnvironmentRecords.write(e)));
    state.activeRuns().values().forEach(run -> record.addActiveRun(OutboxEntryRecords.write(run)));
    state
        .sources()
        .forEach(
            (partition, progress) ->
                record.addSource(
                    SourceRecord.newBuilder()
                        .setTopic(partition.topic())
                        .setPartition(partition.partition())
                        .setNext(progress.next())
                        .setHistory(progress.history())
                        .setTopicId(progress.topicId())));
    return record.build();
  }

  private static List<String> endedEventIds(RelayState state) {
    return state.endedOrder().stream().map(id -> state.endedBy().getOrDefault(id, "")).toList();
  }

  private static PMap<String, String> endedBy(StateRecord record) {
    int known = record.getEndedEventIdCount(); // none in the snapshot of an older version
    PMap<String, String> endedBy = HashTreePMap.empty();
    for (int i = 0; i < record.getEndedIdCount(); i++) {
      endedBy = endedBy.plus(record.getEndedId(i), i < known ? record.getEndedEventId(i) : "");
    }
    return endedBy;
  }

  /** Older versions read what holds nothing that they would lose. */
  private static int version(RelayState state) {
    if (!state.outbox().resends().isEmpty()) {
      return 5;
    }
    if (state.rules() > Rules.FIRST) { // nothing that came with version 4 is there without them
      return 4;
    }
    if (state.endedLimit() != RelayState.ENDED_LIMIT) {
      return 3;
    }
    return state.outbox().parked().isEmpty() ? 1 : 2;
  }

  /**
   * Reads a state.
   *
   * @throws IllegalArgumentException when it was written by a newer version
   */
  public static RelayState read(StateRecord record) {
    if (record.getVersion() > EntryReader.VERSION) {
      throw new IllegalArgumentException(
          "snapshot version: "
              + record.getVersion()
              + " (expected: at most "
              + EntryReader.VERSION
              + ")");
    }
    Map<String, Environment> environments =
        byKey(record.getEnvironmentList(), EnvironmentRecords::read, Environment::id);
    return new RelayState(
        record.getJournalId(),
        CommandRecords.read(record.getSettings()),
        record.getGeneration(),
        record.getSettingsSince(),
        HashTreePMap.from(environments),
        TreePVector.from(record.getEndedList().stream().map(EnvironmentRecords::read).toList()),
        endedBy(record),
        TreePVector.from(record.getEndedIdList()),
        HashTreePMap.from(
            record.getSourceList().stream()
                .collect(
                    Collectors.toMap(
                        s -> new SourcePartition(s.getTopic(), s.getPartition()),
                        s -> new SourceProgress(s.getNext(), s.getHistory(), s.getTopicId())))),
        HashTreePMap.from(
            byKey(
                record.getActiveRunList(),
                OutboxEntryRecords::read,
                EnvironmentInfo::environmentId)),
        read(record.getOutbox(), environments.values()),
        record.getEpoch(),
        record.hasEndedLimit() ? record.getEndedLimit() : RelayState.ENDED_LIMIT,
        List.copyOf(record.getPublishedToList()),
        HashTreePMap.from(
            record.getInferredEndList().stream()
                .collect(
                    Collectors.toMap(
                        InferredEndRecord::getEnvironmentId, InferredEndRecord::getEndedAt))),
        record.getCoreStartedAt(),
        record.getLastLoadedAt(),
        Math.max(Rules.FIRST, record.getRules()));
  }

  private static <R, V, K> Map<K, V> byKey(
      List<R> records, Function<R, V> read, Function<V, K> key) {
    return records.stream().map(read).collect(Collectors.toMap(key, value -> value));
  }

  private static OutboxRecord write(Outbox outbox) {
    OutboxRecord.Builder record =
        OutboxRecord.newBuilder()
            .setDelivered(outbox.delivered())
            .setDeliveredId(outbox.deliveredId())
            .setNext(outbox.next())
            .setNextId(outbox.nextId())
            .setListedAt(outbox.listTime().last())
            .setNewestChange(outbox.listTime().newestChange())
            .setGap(GapRecords.write(outbox.gap()));
    outbox
        .after(outbox.delivered(), Integer.MAX_VALUE)
        .forEach(e -> record.addEntry(OutboxEntryRecords.write(e)));
    outbox.base().values().forEach(run -> record.addBase(OutboxEntryRecords.write(run)));
    outbox
        .resends()
        .forEach(
            resend ->
                record.addResend(
                    ResendRecord.newBuilder()
                        .setRequestId(resend.requestId())
                        .setEntryId(resend.entryId())));
    outbox.parked().values().forEach(message -> record.addParked(ParkingRecords.write(message)));
    return record.build();
  }

  private static Outbox read(OutboxRecord record, Collection<Environment> environments) {
    Map<Long, OutboxEntry> entries =
        byKey(record.getEntryList(), OutboxEntryRecords::read, OutboxEntry::sequence);
    return new Outbox(
        HashTreePMap.from(entries),
        record.getDelivered(),
        record.getDeliveredId(),
        record.getNext(),
        record.getNextId(),
        HashTreePMap.from(
            byKey(record.getBaseList(), OutboxEntryRecords::read, EnvironmentInfo::environmentId)),
        new ListTime(record.getListedAt(), record.getNewestChange()),
        record.hasGap() ? GapRecords.read(record.getGap()) : PublishingGap.assumed(environments),
        HashTreePMap.from(byKey(record.getParkedList(), ParkingRecords::read, ParkedMessage::key)),
        TreePVector.from(
            record.getResendList().stream()
                .map(resend -> new Outbox.Resend(resend.getRequestId(), resend.getEntryId()))
                .toList()),
        entries.values().stream().mapToLong(OutboxEntry::bytes).sum());
  }
}
