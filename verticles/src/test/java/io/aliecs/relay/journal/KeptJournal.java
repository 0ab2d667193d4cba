package io.aliecs.relay.journal;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.hosts.ClusterFixture;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Journals that older versions have written, kept as test resources: a snapshot with entries behind
 * it, of every kind of command there was. {@link #main} writes that of the version of now, once for
 * each release.
 */
final class KeptJournal {
  private static final long SNAPSHOT_EVERY = 12;

  private KeptJournal() {}

  /** Writes the journal of this version to a zip file. */
  public static void main(String[] args) throws Exception {
    Path folder = Files.createTempDirectory("kept-journal");
    try (ClusterFixture cluster = new ClusterFixture(folder, SNAPSHOT_EVERY)) {
      cluster.start("a", "a");
      cluster.awaitLeader("a");
      cluster.append("a", commands());
      cluster.stop("a");
    }
    zip(folder.resolve("a"), Path.of(args[0]));
  }

  /** What every kept journal holds. */
  static List<Command> commands() {
    SourcePartition partition = new SourcePartition("aliecs.environment", 0);
    List<Command> commands = new ArrayList<>();
    commands.add(
        new Command.SettingsChanged(
            new PublishingSettings(true, List.of("kafka:9092"), true, 7, 8), 1_000));
    commands.add(new Command.SourceJoined(Map.of(partition, 40L)));
    commands.addAll(life("2running", 10));
    commands.add(
        event("2running", EventType.BEFORE, 21)
            .transition(Transition.START_ACTIVITY)
            .runNumber(4_294_967_295L)
            .build());
    commands.add(new Command.PublishingStarted("", -1, java.util.Set.of("aliecs.some"), 1_500));
    commands.add(
        event("2running", EventType.ENTERED, 22)
            .transition(Transition.START_ACTIVITY)
            .runNumber(4_294_967_295L)
            .build());
    commands.add(
        new Command.Parked(
            List.of(new Command.Refusal(7, "aliecs.env_state.DEPLOYED", "too large", false)),
            1_600));
    commands.add(new Command.Delivered(8));
    commands.add(
        event("2seen \"<\u00e9", EventType.OBSERVED, 30)
            .state(State.RUNNING)
            .runNumber(5L)
            .observed(true)
            .source(new SourcePosition(partition, 41))
            .build());
    commands.add(new Command.SourceMoved(Map.of(partition, 50L)));
    commands.addAll(life("2idle", 40));
    commands.add(new Command.HistoryLimited(50, 5));
    return commands;
  }

  private static List<Command> life(String id, long time) {
    return List.of(
        event(id, EventType.CREATED, time)
            .detectors(List.of("ITS", "TPC"))
            .runType("PHYSICS")
            .kafkaEnabled(true)
            .build(),
        event(id, EventType.ENTERED, time + 1).transition(Transition.DEPLOY).build(),
        event(id, EventType.ENTERED, time + 2).transition(Transition.CONFIGURE).build());
  }

  private static EnvironmentEvent.Builder event(String id, EventType type, long time) {
    return EnvironmentEvent.builder(id, type, time).eventId(id + " " + time);
  }

  private static void zip(Path folder, Path file) throws IOException {
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file));
        Stream<Path> files = Files.walk(folder)) {
      for (Path one : files.filter(Files::isRegularFile).sorted().toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(one).toString()));
        Files.copy(one, zip);
      }
    }
  }

  /** Puts a kept journal into a folder. */
  static void unzip(String name, Path folder) throws IOException {
    try (InputStream in = KeptJournal.class.getResourceAsStream("/" + name);
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = folder.resolve(entry.getName()).normalize();
        Files.createDirectories(file.resolveSibling(""));
        Files.copy(zip, file);
      }
    }
  }
}
