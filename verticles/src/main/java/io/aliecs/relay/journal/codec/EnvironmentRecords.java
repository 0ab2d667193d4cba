package io.aliecs.relay.journal.codec;

import io.aliecs.relay.bus.EventMessages;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.environment.EndedRun;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.LatestEvent;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.environment.Timeline;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.proto.journal.EndedRunRecord;
import io.aliecs.relay.proto.journal.EnvironmentRecord;
import io.aliecs.relay.proto.journal.LatestEventRecord;
import io.aliecs.relay.proto.journal.Position;
import io.aliecs.relay.proto.journal.RunRecord;
import io.aliecs.relay.proto.journal.StepRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One environment with its run and timeline as it is written in a snapshot. */
final class EnvironmentRecords {
  private EnvironmentRecords() {}

  static EnvironmentRecord write(Environment environment) {
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

  static Environment read(EnvironmentRecord record) {
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
        Timeline.of(record.getStepList().stream().map(EnvironmentRecords::read).toList()));
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
            .setMoment(step.type().name())
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
}
