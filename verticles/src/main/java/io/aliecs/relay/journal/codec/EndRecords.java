package io.aliecs.relay.journal.codec;

import io.aliecs.relay.bus.EventMessages;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.environment.Ending;
import io.aliecs.relay.proto.journal.CoreStarted;
import io.aliecs.relay.proto.journal.EndingRecord;
import io.aliecs.relay.proto.journal.EnvironmentEnded;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;

/** Ends that AliECS has not reported, as they are written in the journal and in snapshots. */
final class EndRecords {
  private EndRecords() {}

  /** The version of the journal's format that a reader of this event must know. */
  static int version(EnvironmentEventRecord record) {
    boolean since4 =
        record.hasWorkflowMeant() || record.getMoment().equals(EventType.TORN_DOWN.name());
    return since4 ? 4 : 1;
  }

  static CoreStarted write(Command.CoreStarted started) {
    CoreStarted.Builder record =
        CoreStarted.newBuilder().setEventId(started.eventId()).setTimestamp(started.timestamp());
    if (started.source() != null) {
      record.setSource(EventMessages.toProto(started.source()));
    }
    return record.build();
  }

  static Command.CoreStarted read(CoreStarted record) {
    return new Command.CoreStarted(
        record.getEventId(),
        record.getTimestamp(),
        record.hasSource() ? EventMessages.fromProto(record.getSource()) : null);
  }

  static EnvironmentEnded write(Command.EnvironmentEnded ended) {
    return EnvironmentEnded.newBuilder()
        .setEnvironmentId(ended.environmentId())
        .setCause(ended.cause().name())
        .setReason(ended.reason())
        .setBy(ended.by())
        .setAsOf(ended.asOf())
        .setTimestamp(ended.timestamp())
        .build();
  }

  static Command.EnvironmentEnded read(EnvironmentEnded record) {
    return new Command.EnvironmentEnded(
        record.getEnvironmentId(),
        EndCause.valueOf(record.getCause()),
        record.getReason(),
        record.getBy(),
        record.getAsOf(),
        record.getTimestamp());
  }

  static EndingRecord write(Ending ending) {
    return EndingRecord.newBuilder()
        .setCause(ending.cause().name())
        .setReason(ending.reason())
        .setSince(ending.since())
        .build();
  }

  static Ending read(EndingRecord record) {
    return new Ending(EndCause.valueOf(record.getCause()), record.getReason(), record.getSince());
  }
}
