package io.aliecs.relay.journal.codec;

import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.PublishingSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A command of each kind, with something in every field. */
final class CommandSamples {
  private static final SourcePartition PARTITION = new SourcePartition("aliecs.environment", 3);
  private static final SourcePosition POSITION = new SourcePosition(PARTITION, 41);
  private static final PublishingSettings SETTINGS =
      new PublishingSettings(
          true, List.of("kafka:9092", "[::1]:2"), true, 7, 8, List.of("source:9092"), false);

  private CommandSamples() {}

  static List<Command> all() {
    return List.of(
        EnvironmentEvent.builder("2env", EventType.ENTERED, 10)
            .eventId("event")
            .transition(Transition.START_ACTIVITY)
            .state(State.RUNNING)
            .runNumber(EnvironmentEvent.MAX_RUN_NUMBER)
            .runType("PHYSICS")
            .detectors(List.of("ITS", "TPC"))
            .kafkaEnabled(false)
            .workflow("readout-dataflow")
            .workflowMeant(true)
            .enteredAt(9L)
            .observed(true)
            .source(POSITION)
            .build(),
        new Command.JournalCreated("journal"),
        new Command.SettingsChanged(SETTINGS, 11),
        new Command.SourceJoined(Map.of(PARTITION, 5L)),
        new Command.SourceMoved(Map.of(PARTITION, 6L), Map.of(PARTITION, "id of its topic")),
        new Command.PublishingStarted(
            "journal", 4, 12, Set.of("aliecs.env_state.ERROR"), List.of("kafka:9092"), 13),
        new Command.Delivered(14),
        new Command.Parked(
            List.of(new Command.Refusal(2, "aliecs.env_state.ERROR", "too large", true)), 15),
        new Command.Resent(List.of(new ParkedMessage.Key(2, "aliecs.env_state.ERROR")), 16),
        new Command.HistoryLimited(17, 18),
        new Command.CoreStarted("its start", 19, POSITION),
        new Command.EnvironmentEnded("2env", EndCause.FORGOTTEN, "gone", "anna", 20, 21),
        new Command.ResendRequested("request", "2env", 22));
  }
}
