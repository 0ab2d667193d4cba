package io.aliecs.relay.journal.codec;

import io.aliecs.relay.bus.EventMessages;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.proto.journal.CommandRecord;
import io.aliecs.relay.proto.journal.Delivered;
import io.aliecs.relay.proto.journal.HistoryLimited;
import io.aliecs.relay.proto.journal.JournalCreated;
import io.aliecs.relay.proto.journal.Position;
import io.aliecs.relay.proto.journal.PublishingStarted;
import io.aliecs.relay.proto.journal.ResendRequested;
import io.aliecs.relay.proto.journal.Settings;
import io.aliecs.relay.proto.journal.SettingsChanged;
import io.aliecs.relay.proto.journal.SourcePositions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Commands as they are written in the journal. */
public final class CommandRecords {
  private CommandRecords() {}

  public static CommandRecord write(Command command) {
    return command.accept(new Writer(CommandRecord.newBuilder())).build();
  }

  /** Writes each kind of command at its place in the record. */
  private record Writer(CommandRecord.Builder record)
      implements Command.Visitor<CommandRecord.Builder> {
    @Override
    public CommandRecord.Builder environmentEvent(EnvironmentEvent event) {
      return record.setEnvironmentEvent(EventMessages.toProto(event));
    }

    @Override
    public CommandRecord.Builder journalCreated(Command.JournalCreated created) {
      return record.setJournalCreated(
          JournalCreated.newBuilder().setJournalId(created.journalId()));
    }

    @Override
    public CommandRecord.Builder settingsChanged(Command.SettingsChanged changed) {
      return record.setSettingsChanged(
          SettingsChanged.newBuilder()
              .setSettings(write(changed.settings()))
              .setTimestamp(changed.timestamp()));
    }

    @Override
    public CommandRecord.Builder sourceJoined(Command.SourceJoined joined) {
      return record.setSourceJoined(write(joined.ends(), Map.of()));
    }

    @Override
    public CommandRecord.Builder sourceMoved(Command.SourceMoved moved) {
      return record.setSourceMoved(write(moved.next(), moved.topicIds()));
    }

    @Override
    public CommandRecord.Builder publishingStarted(Command.PublishingStarted started) {
      return record.setPublishingStarted(
          PublishingStarted.newBuilder()
              .setWatermarkJournalId(started.watermarkJournalId())
              .setWatermark(started.watermark())
              .setWatermarkListedAt(started.watermarkListedAt())
              .addAllMendedTopic(started.recoveredTopics())
              .addAllServer(started.servers())
              .setTimestamp(started.timestamp()));
    }

    @Override
    public CommandRecord.Builder delivered(Command.Delivered delivered) {
      return record.setDelivered(Delivered.newBuilder().setSequence(delivered.sequence()));
    }

    @Override
    public CommandRecord.Builder parked(Command.Parked parked) {
      return record.setParked(ParkingRecords.write(parked));
    }

    @Override
    public CommandRecord.Builder resent(Command.Resent resent) {
      return record.setResent(ParkingRecords.write(resent));
    }

    @Override
    public CommandRecord.Builder historyLimited(Command.HistoryLimited limited) {
      return record.setHistoryLimited(
          HistoryLimited.newBuilder()
              .setEnvironments(limited.environments())
              .setBefore(limited.before()));
    }

    @Override
    public CommandRecord.Builder coreStarted(Command.CoreStarted started) {
      return record.setCoreStarted(EndRecords.write(started));
    }

    @Override
    public CommandRecord.Builder environmentEnded(Command.EnvironmentEnded ended) {
      return record.setEnvironmentEnded(EndRecords.write(ended));
    }

    @Override
    public CommandRecord.Builder resendRequested(Command.ResendRequested request) {
      return record.setResendRequested(
          ResendRequested.newBuilder()
              .setRequestId(request.requestId())
              .setEnvironmentId(request.environmentId())
              .setTimestamp(request.timestamp()));
    }
  }

  /** The version of the journal's format that a reader of this command must know. */
  public static int version(CommandRecord record) {
    return switch (record.getCommandCase()) {
      case RESEND_REQUESTED -> 5;
      case CORE_STARTED, ENVIRONMENT_ENDED -> 4;
      case ENVIRONMENT_EVENT -> EndRecords.version(record.getEnvironmentEvent());
      case HISTORY_LIMITED -> 3;
      case PARKED, RESENT -> 2;
      case PUBLISHING_STARTED -> record.getPublishingStarted().getMendedTopicCount() == 0 ? 1 : 2;
      case JOURNAL_CREATED, SETTINGS_CHANGED, SOURCE_JOINED, SOURCE_MOVED, DELIVERED -> 1;
      case COMMAND_NOT_SET ->
          throw new IllegalArgumentException("command: none (expected: one of this version)");
    };
  }

  /**
   * Reads a command.
   *
   * @throws IllegalArgumentException when it is of a kind this version does not know
   */
  public static Command read(CommandRecord record) {
    return switch (record.getCommandCase()) {
      case ENVIRONMENT_EVENT -> EventMessages.fromProto(record.getEnvironmentEvent(), 0);
      case JOURNAL_CREATED -> new Command.JournalCreated(record.getJournalCreated().getJournalId());
      case SETTINGS_CHANGED ->
          new Command.SettingsChanged(
              read(record.getSettingsChanged().getSettings()),
              record.getSettingsChanged().getTimestamp());
      case SOURCE_JOINED -> new Command.SourceJoined(read(record.getSourceJoined()));
      case SOURCE_MOVED ->
          new Command.SourceMoved(read(record.getSourceMoved()), topicIds(record.getSourceMoved()));
      case PUBLISHING_STARTED ->
          new Command.PublishingStarted(
              record.getPublishingStarted().getWatermarkJournalId(),
              record.getPublishingStarted().getWatermark(),
              record.getPublishingStarted().getWatermarkListedAt(),
              Set.copyOf(record.getPublishingStarted().getMendedTopicList()),
              record.getPublishingStarted().getServerList(),
              record.getPublishingStarted().getTimestamp());
      case DELIVERED -> new Command.Delivered(record.getDelivered().getSequence());
      case PARKED -> ParkingRecords.read(record.getParked());
      case RESENT -> ParkingRecords.read(record.getResent());
      case HISTORY_LIMITED ->
          new Command.HistoryLimited(
              record.getHistoryLimited().getEnvironments(), record.getHistoryLimited().getBefore());
      case CORE_STARTED -> EndRecords.read(record.getCoreStarted());
      case ENVIRONMENT_ENDED -> EndRecords.read(record.getEnvironmentEnded());
      case RESEND_REQUESTED ->
          new Command.ResendRequested(
              record.getResendRequested().getRequestId(),
              record.getResendRequested().getEnvironmentId(),
              record.getResendRequested().getTimestamp());
      case COMMAND_NOT_SET ->
          throw new IllegalArgumentException(
              "command: of a kind that is not known (expected: one of this version)");
    };
  }

  static Settings write(PublishingSettings settings) {
    return Settings.newBuilder()
        .setPluginEnabled(settings.pluginEnabled())
        .addAllBootstrapServers(settings.bootstrapServers())
        .setPublishNewEnvironments(settings.publishNewEnvironments())
        .setSettingsIndex(settings.settingsIndex())
        .setKafkaEnabledIndex(settings.kafkaEnabledIndex())
        .addAllSourceServer(settings.sourceServers())
        .setStreamOff(!settings.streamEnabled())
        .build();
  }

  static PublishingSettings read(Settings record) {
    return new PublishingSettings(
        record.getPluginEnabled(),
        record.getBootstrapServersList(),
        record.getPublishNewEnvironments(),
        record.getSettingsIndex(),
        record.getKafkaEnabledIndex(),
        record.getSourceServerCount() == 0
            ? record.getBootstrapServersList()
            : record.getSourceServerList(),
        !record.getStreamOff());
  }

  private static SourcePositions write(
      Map<SourcePartition, Long> offsets, Map<SourcePartition, String> topicIds) {
    SourcePositions.Builder positions = SourcePositions.newBuilder();
    offsets.forEach(
        (partition, offset) ->
            positions.addPosition(
                EventMessages.toProto(new SourcePosition(partition, offset)).toBuilder()
                    .setTopicId(topicIds.getOrDefault(partition, ""))));
    return positions.build();
  }

  private static Map<SourcePartition, String> topicIds(SourcePositions positions) {
    Map<SourcePartition, String> ids = new HashMap<>();
    for (Position position : positions.getPositionList()) {
      if (!position.getTopicId().isEmpty()) {
        ids.put(
            new SourcePartition(position.getTopic(), position.getPartition()),
            position.getTopicId());
      }
    }
    return ids;
  }

  private static Map<SourcePartition, Long> read(SourcePositions positions) {
    Map<SourcePartition, Long> offsets = new HashMap<>();
    for (Position position : positions.getPositionList()) {
      offsets.put(
          new SourcePartition(position.getTopic(), position.getPartition()), position.getOffset());
    }
    return offsets;
  }
}
