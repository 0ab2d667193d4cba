package io.aliecs.relay.journal.codec;

import io.aliecs.relay.bus.EventMessages;
import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.PublishingGap;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.environment.EndedRun;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.LatestEvent;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.environment.Timeline;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.ListTime;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.proto.journal.EndedRunRecord;
import io.aliecs.relay.proto.journal.EnvironmentInfoRecord;
import io.aliecs.relay.proto.journal.EnvironmentRecord;
import io.aliecs.relay.proto.journal.InferredEndRecord;
import io.aliecs.relay.proto.journal.LatestEventRecord;
import io.aliecs.relay.proto.journal.OutboxEntryRecord;
import io.aliecs.relay.proto.journal.OutboxMessageRecord;
import io.aliecs.relay.proto.journal.OutboxRecord;
import io.aliecs.relay.proto.journal.Position;
import io.aliecs.relay.proto.journal.ResendRecord;
import io.aliecs.relay.proto.journal.RunRecord;
import io.aliecs.relay.proto.journal.SourceRecord;
import io.aliecs.relay.proto.journal.StateRecord;
import io.aliecs.relay.proto.journal.StepRecord;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.TreePVector;

/** The whole state as it is written in a snapshot. */
public final class StateRecords {
  /** The newest format of snapshots that this version writes and reads. */
  static final int VERSION = 5;

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
    state.environments().values().forEach(e -> record.addEnvironment(write(e)));
    state.ended().forEach(e -> record.addEnded(write(e)));
    state.activeRuns().values().forEach(run -> record.addActiveRun(write(run)));
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
    if (record.getVersion() > VERSION) {
      throw new IllegalArgumentException(
          "snapshot version: " + record.getVersion() + " (expected: at most " + VERSION + ")");
    }
    Map<String, Environment> environments =
        byKey(record.getEnvironmentList(), StateRecords::read, Environment::id);
    return new RelayState(
        record.getJournalId(),
        CommandRecords.read(record.getSettings()),
        record.getGeneration(),
        record.getSettingsSince(),
        HashTreePMap.from(environments),
        TreePVector.from(record.getEndedList().stream().map(StateRecords::read).toList()),
        endedBy(record),
        TreePVector.from(record.getEndedIdList()),
        HashTreePMap.from(
            record.getSourceList().stream()
                .collect(
                    Collectors.toMap(
                        s -> new SourcePartition(s.getTopic(), s.getPartition()),
                        s -> new SourceProgress(s.getNext(), s.getHistory(), s.getTopicId())))),
        HashTreePMap.from(
            byKey(record.getActiveRunList(), StateRecords::read, EnvironmentInfo::environmentId)),
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

  private static EnvironmentRecord write(Environment environment) {
    EnvironmentRecord.Builder record =
        EnvironmentRecord.newBuilder()
            .setId(environment.id())
            .setState(environment.state().name())
            .setEnteredAt(environment.enteredAt())
            .addAllDetector(environment.detectors())
            .setPublish(environment.publish())
            .setLeaving(environment.leaving() == null ? "" : environment.leaving().name())
            .setAnnouncedRun(environment.announcedRun())
            .setLastRun(environment.lastRun())
            .setChangedAt(environment.changedAt())
            .setLatest(write(environment.latest()));
    environment.endedRuns().forEach(ended -> record.addEndedRun(write(ended)));
    if (environment.runType() != null) {
      record.setRunType(environment.runType());
    }
    Run run = environment.run();
    if (run != null) {
      RunRecord.Builder runRecord =
          RunRecord.newBuilder().setNumber((int) run.number()).setEndAnnounced(run.endAnnounced());
      if (run.type() != null) {
        runRecord.setType(run.type());
      }
      record.setRun(runRecord);
    }
    if (environment.workflow() != null) {
      record.setWorkflow(environment.workflow());
    }
    if (environment.workflowMeant() != null) {
      record.setWorkflowMeant(environment.workflowMeant());
    }
    record.setLoadedAt(environment.loadedAt());
    if (environment.ending() != null) {
      record.setEnding(EndRecords.write(environment.ending()));
    }
    environment.timeline().forEach(step -> record.addStep(write(step)));
    return record.build();
  }

  private static Environment read(EnvironmentRecord record) {
    RunRecord run = record.getRun();
    return new Environment(
        record.getId(),
        State.valueOf(record.getState()),
        record.getEnteredAt(),
        record.hasRun()
            ? new Run(
                Integer.toUnsignedLong(run.getNumber()),
                run.hasType() ? run.getType() : null,
                run.getEndAnnounced())
            : null,
        record.hasRunType() ? record.getRunType() : null,
        record.getDetectorList(),
        record.getPublish(),
        transition(record.getLeaving()),
        record.getAnnouncedRun(),
        endedRuns(record),
        record.hasWorkflow() ? record.getWorkflow() : null,
        record.hasWorkflowMeant() ? record.getWorkflowMeant() : null,
        record.getLoadedAt(),
        record.hasEnding() ? EndRecords.read(record.getEnding()) : null,
        record.getChangedAt(),
        latest(record),
        Timeline.of(record.getStepList().stream().map(StateRecords::read).toList()));
  }

  private static EndedRunRecord write(EndedRun ended) {
    return EndedRunRecord.newBuilder()
        .setNumber((int) ended.number())
        .setEndedAt(ended.endedAt())
        .build();
  }

  private static List<EndedRun> endedRuns(EnvironmentRecord record) {
    if (record.getEndedRunCount() == 0 && record.getLastRun() != 0) { // of an older version
      return List.of(new EndedRun(record.getLastRun(), record.getChangedAt()));
    }
    return record.getEndedRunList().stream()
        .map(ended -> new EndedRun(Integer.toUnsignedLong(ended.getNumber()), ended.getEndedAt()))
        .toList();
  }

  private static LatestEventRecord write(LatestEvent latest) {
    LatestEventRecord.Builder record =
        LatestEventRecord.newBuilder().setTimestamp(latest.timestamp());
    SourcePartition partition = latest.partition();
    if (partition != null) {
      record.setPartition(
          Position.newBuilder().setTopic(partition.topic()).setPartition(partition.partition()));
    }
    return record.build();
  }

  private static LatestEvent latest(EnvironmentRecord record) {
    if (!record.hasLatest()) { // of an older version
      int steps = record.getStepCount();
      SourcePosition source = steps == 0 ? null : read(record.getStep(steps - 1)).source();
      return new LatestEvent(record.getChangedAt(), source == null ? null : source.partition());
    }
    LatestEventRecord latest = record.getLatest();
    Position partition = latest.getPartition();
    return new LatestEvent(
        latest.getTimestamp(),
        latest.hasPartition()
            ? new SourcePartition(partition.getTopic(), partition.getPartition())
            : null);
  }

  private static StepRecord write(TimelineEntry step) {
    StepRecord.Builder record =
        StepRecord.newBuilder()
            .setEventId(step.eventId())
            .setTimestamp(step.timestamp())
            .setMoment(step.moment().name())
            .setTransition(step.transition() == null ? "" : step.transition().name())
            .setState(step.state().name())
            .setAdopted(step.adopted())
            .setPublishing(step.publishing())
            .setEntryId(step.entryId())
            .addAllTopic(step.topics())
            .setReason(step.reason());
    if (step.runNumber() != null) {
      record.setRunNumber(step.runNumber().intValue());
    }
    if (step.source() != null) {
      record.setSource(EventMessages.toProto(step.source()));
    }
    return record.build();
  }

  private static TimelineEntry read(StepRecord record) {
    return new TimelineEntry(
        record.getEventId(),
        record.getTimestamp(),
        EventType.valueOf(record.getMoment()),
        transition(record.getTransition()),
        State.valueOf(record.getState()),
        record.hasRunNumber() ? Integer.toUnsignedLong(record.getRunNumber()) : null,
        record.getAdopted(),
        record.getPublishing(),
        record.getEntryId(),
        record.getTopicList(),
        record.hasSource() ? EventMessages.fromProto(record.getSource()) : null,
        record.getReason());
  }

  private static @Nullable Transition transition(String name) {
    return name.isEmpty() ? null : Transition.valueOf(name);
  }

  private static EnvironmentInfoRecord write(EnvironmentInfo info) {
    EnvironmentInfoRecord.Builder record =
        EnvironmentInfoRecord.newBuilder()
            .setEnvironmentId(info.environmentId())
            .setState(info.state().name())
            .addAllDetector(info.detectors())
            .setEnteredAt(info.enteredAt());
    if (info.runNumber() != null) {
      record.setRunNumber(info.runNumber().intValue());
    }
    if (info.runType() != null) {
      record.setRunType(info.runType());
    }
    return record.build();
  }

  private static EnvironmentInfo read(EnvironmentInfoRecord record) {
    return new EnvironmentInfo(
        record.getEnvironmentId(),
        record.hasRunNumber() ? Integer.toUnsignedLong(record.getRunNumber()) : null,
        record.hasRunType() ? record.getRunType() : null,
        State.valueOf(record.getState()),
        record.getDetectorList(),
        record.getEnteredAt());
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
    outbox.after(outbox.delivered(), Integer.MAX_VALUE).forEach(e -> record.addEntry(write(e)));
    outbox.base().values().forEach(run -> record.addBase(write(run)));
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
        byKey(record.getEntryList(), StateRecords::read, OutboxEntry::sequence);
    return new Outbox(
        HashTreePMap.from(entries),
        record.getDelivered(),
        record.getDeliveredId(),
        record.getNext(),
        record.getNextId(),
        HashTreePMap.from(
            byKey(record.getBaseList(), StateRecords::read, EnvironmentInfo::environmentId)),
        new ListTime(record.getListedAt(), record.getNewestChange()),
        record.hasGap() ? GapRecords.read(record.getGap()) : PublishingGap.assumed(environments),
        HashTreePMap.from(byKey(record.getParkedList(), ParkingRecords::read, ParkedMessage::key)),
        TreePVector.from(
            record.getResendList().stream()
                .map(resend -> new Outbox.Resend(resend.getRequestId(), resend.getEntryId()))
                .toList()),
        entries.values().stream().mapToLong(OutboxEntry::bytes).sum());
  }

  static OutboxEntryRecord write(OutboxEntry entry) {
    OutboxEntryRecord.Builder record =
        OutboxEntryRecord.newBuilder()
            .setSequence(entry.sequence())
            .setId(entry.id())
            .setEnvironmentId(entry.environmentId())
            .setEventId(entry.eventId())
            .setTimestamp(entry.timestamp())
            .setListedAt(entry.listedAt())
            .setLate(entry.late())
            .setAskedAt(entry.askedAt())
            .addAllWithheld(entry.withheld());
    entry.messages().forEach(message -> record.addMessage(write(message)));
    return record.build();
  }

  static OutboxEntry read(OutboxEntryRecord record) {
    return new OutboxEntry(
        record.getSequence(),
        record.getId(),
        record.getEnvironmentId(),
        record.getEventId(),
        record.getTimestamp(),
        record.hasListedAt() ? record.getListedAt() : record.getTimestamp(),
        record.getMessageList().stream().map(StateRecords::read).toList(),
        Set.copyOf(record.getWithheldList()),
        record.getLate(),
        record.getAskedAt());
  }

  private static OutboxMessageRecord write(OutboxMessage message) {
    OutboxMessageRecord.Builder record = OutboxMessageRecord.newBuilder();
    if (message instanceof Notification notification) {
      record.setTopic(notification.topic()).setEnvironment(write(notification.environment()));
    } else if (message instanceof ActiveRuns list) {
      if (list.started() != null) {
        record.setEnvironment(write(list.started()));
      }
      if (list.endedEnvironmentId() != null) {
        record.setEndedEnvironmentId(list.endedEnvironmentId());
      }
    }
    return record.build();
  }

  private static OutboxMessage read(OutboxMessageRecord record) {
    EnvironmentInfo info = record.hasEnvironment() ? read(record.getEnvironment()) : null;
    if (record.getTopic().isEmpty()) {
      return new ActiveRuns(
          info, record.hasEndedEnvironmentId() ? record.getEndedEnvironmentId() : null);
    }
    if (info == null) {
      throw new IllegalArgumentException(
          "notification on " + record.getTopic() + ": no environment (expected: one)");
    }
    return new Notification(record.getTopic(), info);
  }
}
