package io.aliecs.relay.journal.codec;

import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.proto.journal.Parked;
import io.aliecs.relay.proto.journal.ParkedKey;
import io.aliecs.relay.proto.journal.ParkedRecord;
import io.aliecs.relay.proto.journal.RefusalRecord;
import io.aliecs.relay.proto.journal.Resent;

/** Parked messages, as they are written in the journal and in snapshots. */
final class ParkingRecords {
  private ParkingRecords() {}

  static Parked write(Command.Parked parked) {
    Parked.Builder record = Parked.newBuilder().setTimestamp(parked.timestamp());
    for (Command.Refusal refusal : parked.refusals()) {
      record.addRefusal(
          RefusalRecord.newBuilder()
              .setSequence(refusal.sequence())
              .setTopic(refusal.topic())
              .setReason(refusal.reason())
              .setAwaitsTopic(refusal.awaitsTopic()));
    }
    return record.build();
  }

  static Command.Parked read(Parked record) {
    return new Command.Parked(
        record.getRefusalList().stream()
            .map(
                r ->
                    new Command.Refusal(
                        r.getSequence(), r.getTopic(), r.getReason(), r.getAwaitsTopic()))
            .toList(),
        record.getTimestamp());
  }

  static Resent write(Command.Resent resent) {
    Resent.Builder record = Resent.newBuilder().setTimestamp(resent.timestamp());
    for (ParkedMessage.Key key : resent.keys()) {
      record.addKey(ParkedKey.newBuilder().setEntryId(key.entryId()).setTopic(key.topic()));
    }
    return record.build();
  }

  static Command.Resent read(Resent record) {
    return new Command.Resent(
        record.getKeyList().stream()
            .map(key -> new ParkedMessage.Key(key.getEntryId(), key.getTopic()))
            .toList(),
        record.getTimestamp());
  }

  static ParkedRecord write(ParkedMessage message) {
    return ParkedRecord.newBuilder()
        .setEntry(OutboxEntryRecords.write(message.entry()))
        .setTopic(message.topic())
        .setReason(message.reason())
        .setAwaitsTopic(message.awaitsTopic())
        .setSince(message.since())
        .setResending(message.resending())
        .setSequence(message.sequence())
        .build();
  }

  static ParkedMessage read(ParkedRecord record) {
    return new ParkedMessage(
        OutboxEntryRecords.read(record.getEntry()),
        record.getTopic(),
        record.getReason(),
        record.getAwaitsTopic(),
        record.getSince(),
        record.getResending(),
        record.getSequence());
  }
}
