package io.aliecs.relay.journal.codec;

import io.aliecs.relay.domain.PublishingGap;
import io.aliecs.relay.proto.journal.OwedRecord;
import io.aliecs.relay.proto.journal.PublishingGapRecord;
import io.aliecs.relay.proto.journal.SkippedRunRecord;
import io.aliecs.relay.proto.journal.ToldRun;
import java.util.stream.Collectors;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePVector;

/** What was not published because publishing was off, as it is written in snapshots. */
final class GapRecords {
  private GapRecords() {}

  static PublishingGapRecord write(PublishingGap gap) {
    PublishingGapRecord.Builder record = PublishingGapRecord.newBuilder();
    gap.openRuns()
        .forEach(
            (id, run) ->
                record.addTold(
                    ToldRun.newBuilder().setEnvironmentId(id).setRunNumber(run.intValue())));
    gap.owed()
        .forEach(
            owed ->
                record.addOwed(
                    OwedRecord.newBuilder()
                        .setRunNumber((int) owed.run())
                        .setSettled(owed.settled())
                        .setEntry(OutboxEntryRecords.write(owed.entry()))));
    gap.skipped()
        .forEach(
            run ->
                record.addSkipped(
                    SkippedRunRecord.newBuilder()
                        .setEnvironmentId(run.environmentId())
                        .setRunNumber((int) run.number())
                        .setEndedAt(run.endedAt())
                        .setNamed(run.named())));
    return record.build();
  }

  static PublishingGap read(PublishingGapRecord record) {
    return new PublishingGap(
        HashTreePMap.from(
            record.getToldList().stream()
                .collect(
                    Collectors.toMap(
                        ToldRun::getEnvironmentId,
                        run -> Integer.toUnsignedLong(run.getRunNumber())))),
        TreePVector.from(
            record.getOwedList().stream()
                .map(
                    owed ->
                        new PublishingGap.Owed(
                            Integer.toUnsignedLong(owed.getRunNumber()),
                            owed.getSettled(),
                            OutboxEntryRecords.read(owed.getEntry())))
                .toList()),
        TreePVector.from(
            record.getSkippedList().stream()
                .map(
                    run ->
                        new PublishingGap.SkippedRun(
                            run.getEnvironmentId(),
                            Integer.toUnsignedLong(run.getRunNumber()),
                            run.getEndedAt(),
                            run.getNamed()))
                .toList()));
  }
}
