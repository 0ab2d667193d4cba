package io.aliecs.relay.journal.codec;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import io.aliecs.relay.proto.journal.EnvironmentInfoRecord;
import io.aliecs.relay.proto.journal.OutboxEntryRecord;
import io.aliecs.relay.proto.journal.OutboxMessageRecord;
import java.util.Set;

/** One entry of the outbox with its messages as it is written in a snapshot. */
final class OutboxEntryRecords {
  private OutboxEntryRecords() {}

  static EnvironmentInfoRecord write(EnvironmentInfo info) {
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

  static EnvironmentInfo read(EnvironmentInfoRecord record) {
    return new EnvironmentInfo(
        record.getEnvironmentId(),
        record.hasRunNumber() ? Integer.toUnsignedLong(record.getRunNumber()) : null,
        record.hasRunType() ? record.getRunType() : null,
        State.valueOf(record.getState()),
        record.getDetectorList(),
        record.getEnteredAt());
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
        record.getMessageList().stream().map(OutboxEntryRecords::read).toList(),
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
