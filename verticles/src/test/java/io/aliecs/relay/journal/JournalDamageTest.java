package io.aliecs.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.journal.codec.CommandRecords;
import io.aliecs.relay.journal.codec.EntryReader;
import io.aliecs.relay.proto.journal.Batch;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A journal is opened again after an unclean stop, or after its files were damaged: either with all
 * that was acknowledged, or not at all and with the reason.
 */
@Tag("slow")
class JournalDamageTest {
  private static final int SNAPSHOTS_BY_HAND = 1_000_000;
  private static final int EVENTS = 30;

  /** Long enough for an entry to reach over some sectors. */
  private static final List<String> DETECTORS =
      IntStream.range(0, 15).mapToObj(i -> i + "D".repeat(100)).toList();

  @TempDir Path folder;

  /** What a journal told while it was open. */
  private static final class Heard implements JournalListener {
    final CompletableFuture<Void> leads = new CompletableFuture<>();
    volatile RelayState state = RelayState.EMPTY;
    volatile String broken = "";
    final List<Long> skipped = new CopyOnWriteArrayList<>();

    @Override
    public void applied(long index, RelayState applied, Set<String> environmentIds) {
      state = applied;
    }

    @Override
    public void leadership(Leadership leadership) {
      if (leadership.leading()) {
        leads.complete(null);
      }
    }

    @Override
    public void skipped(long index, String reason) {
      skipped.add(index);
    }

    @Override
    public void broken(String reason) {
      broken = reason;
    }
  }

  private static JournalOptions options(Path directory, String hostId, int snapshotEvery) {
    return TestOptions.journal(
        directory, hostId, Duration.ofMillis(150), snapshotEvery, 1_000, 1_000_000);
  }

  private static Journal open(Path directory, int snapshotEvery, Heard heard) throws Exception {
    JournalOptions options = options(directory, "relay-1", snapshotEvery);
    Journal journal = Journal.start(options, heard, Unchecked::new);
    heard.leads.get(30, TimeUnit.SECONDS);
    return journal;
  }

  private static void append(Journal journal, Command command) throws Exception {
    journal
        .append(Batch.newBuilder().setVersion(1).addCommand(CommandRecords.write(command)).build())
        .get(30, TimeUnit.SECONDS);
  }

  private static void append(Journal journal, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      append(
          journal,
          EnvironmentEvent.builder("env" + i, EventType.CREATED, 5)
              .eventId("event" + i)
              .detectors(DETECTORS)
              .build());
    }
  }

  /** What is on the disk when the process is killed after {@link #EVENTS} acknowledged events. */
  private Path killed() throws Exception {
    return killed(SNAPSHOTS_BY_HAND);
  }

  private Path killed(int snapshotEvery) throws Exception {
    Heard heard = new Heard();
    Path live = folder.resolve("live");
    Path left = folder.resolve("left");
    try (Journal journal = open(live, snapshotEvery, heard)) {
      append(journal, new Command.JournalCreated("journal"));
      append(journal, 0, EVENTS);
      if (snapshotEvery < SNAPSHOTS_BY_HAND) {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () -> {
                  append(journal, new Command.JournalCreated("journal")); // changes nothing
                  return snapshots(live) == 2;
                });
      }
      copy(live, left);
    }
    return left;
  }

  private static long snapshots(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(f -> f.getFileName().toString().matches("snapshot.*md5")).count();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(dir)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file)));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** The last in order of name whose name matches. */
  private static Path find(Path directory, String name) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches(name))
          .max(Path::compareTo)
          .orElseThrow();
    }
  }

  private static Path log(Path directory) throws IOException {
    return find(directory, "log_inprogress_.*");
  }

  /** The log as it was when the last event was written, without the note of Ratis behind it. */
  private static byte[] upToLastEvent(Path directory) throws IOException {
    byte[] log = Files.readAllBytes(log(directory));
    int large = 0;
    int end = 0;
    for (int at = "RaftLog1".length(); at < log.length && log[at] != 0; ) {
      int length = log[at] & 0x7F;
      int header = 1;
      if (log[at] < 0) {
        length |= (log[at + 1] & 0x7F) << 7;
        header = 2;
      }
      at += header + length + 4;
      if (length > 1_000) {
        large++;
        end = at;
      }
    }
    assertThat(large).isEqualTo(EVENTS);
    Arrays.fill(log, end, log.length, (byte) 0);
    return log;
  }

  /** Where the last byte lies that is not part of the zeros behind the log. */
  private static int end(byte[] log) {
    int end = log.length;
    while (end > 0 && log[end - 1] == 0) {
      end--;
    }
    return end;
  }

  private static void assertOpens(Path directory, int events) throws Exception {
    Heard heard = new Heard();
    try (Journal journal = open(directory, SNAPSHOTS_BY_HAND, heard)) {
      append(journal, 1_000, 1_001);
      assertThat(heard.state.journalId()).isEqualTo("journal");
      assertThat(heard.state.environments()).hasSize(events + 1);
      assertThat(heard.broken).isEmpty();
    }
    Heard again = new Heard();
    try (Journal journal = open(directory, SNAPSHOTS_BY_HAND, again)) {
      append(journal, 1_001, 1_002);
      assertThat(again.state.environments()).as("after one more restart").hasSize(events + 2);
    }
  }

  private static void assertRefused(Path directory, String... reason) {
    assertThatThrownBy(() -> open(directory, SNAPSHOTS_BY_HAND, new Heard()))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(reason);
  }

  @Test
  void aHostThatIsAloneRefusesTheJournalOfAnotherOne() throws Exception {
    Path left = killed();

    JournalOptions other = options(left, "relay-2", 1_000);
    assertThatThrownBy(() -> Journal.start(other, new Heard(), JournalStateMachine::new))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("host.id: relay-2", "expected: relay-1", left.toString());
    Heard heard = new Heard();
    try (Journal journal = open(left, SNAPSHOTS_BY_HAND, heard)) {
      assertThat(heard.state.environments()).hasSize(EVENTS);
    }
  }

  @Test
  void afterAnUncleanStopEverythingAcknowledgedIsThere() throws Exception {
    assertOpens(killed(), EVENTS);
  }

  @Test
  void afterAnUncleanStopBehindASnapshotEverythingAcknowledgedIsThere() throws Exception {
    assertOpens(killed(10), EVENTS);
  }

  @Test
  void aWriteThatStoppedAtTheEndOfTheFileIsCutOff() throws Exception {
    Path left = killed();
    byte[] log = upToLastEvent(left);
    Files.write(log(left), Arrays.copyOf(log, end(log) - 5));
    assertOpens(left, EVENTS - 1);
  }

  @Test
  void aWriteThatStoppedWithinTheLengthOfAnEntryIsCutOff() throws Exception {
    Path left = killed();
    byte[] log = Files.readAllBytes(log(left));
    byte[] cut = Arrays.copyOf(log, end(log) + 1);
    cut[end(log)] = (byte) 0x80;
    Files.write(log(left), cut);
    assertOpens(left, EVENTS);
  }

  @Test
  void aWriteOfWhichASectorDidNotReachTheDiskIsCutOff() throws Exception {
    Path left = killed();
    byte[] log = upToLastEvent(left);
    int sector = (end(log) - 600) / 512 * 512;
    Arrays.fill(log, sector, sector + 512, (byte) 0);
    Files.write(log(left), log);
    assertOpens(left, EVENTS - 1);
  }

  @Test
  void aWriteWhoseEndDidNotReachTheDiskIsCutOff() throws Exception {
    Path left = killed();
    byte[] log = upToLastEvent(left);
    Arrays.fill(log, end(log) - 20, log.length, (byte) 0);
    Files.write(log(left), log);
    assertOpens(left, EVENTS - 1);
  }

  @Test
  void aLastEntryWithAWrongBitIsRefused() throws Exception {
    Path left = killed();
    byte[] log = upToLastEvent(left);
    log[end(log) - 50] ^= 4;
    Files.write(log(left), log);
    assertRefused(left, "log_inprogress_0", "is damaged", "expected");
  }

  @Test
  void anEntryInTheMiddleWithAWrongBitIsRefused() throws Exception {
    Path left = killed();
    byte[] log = Files.readAllBytes(log(left));
    log[end(log) / 2] ^= 4;
    Files.write(log(left), log);
    assertRefused(left, "log_inprogress_0", "entry", "is damaged", "expected");
  }

  @Test
  void aSectorOfZerosInTheMiddleIsRefused() throws Exception {
    Path left = killed();
    byte[] log = Files.readAllBytes(log(left));
    int sector = end(log) / 2 / 512 * 512;
    Arrays.fill(log, sector, sector + 512, (byte) 0);
    Files.write(log(left), log);
    assertRefused(left, "log_inprogress_0", "is damaged", "expected");
  }

  @Test
  void aFileOfTheLogThatBeginsWithOtherBytesIsRefused() throws Exception {
    Path left = killed();
    Files.writeString(log(left), "<html>");
    assertRefused(left, "log_inprogress_0", "expected: RaftLog1");
  }

  @Test
  void aClosedFileOfTheLogThatEndsEarlyIsRefused() throws Exception {
    Path left = killed();
    Path log = log(left);
    Files.move(log, log.resolveSibling("log_0-9999"));
    assertRefused(left, "log_0-9999", "ends at entry", "expected: entry 9999");
  }

  @Test
  void entriesMissingBehindTheSnapshotAreRefused() throws Exception {
    Path left = killed();
    Path log = log(left);
    Files.move(log, log.resolveSibling("log_inprogress_7"));
    assertRefused(left, "entries 0 to 6 are missing");
  }

  @Test
  void aDamagedSnapshotGivesWayToTheLogAndIsSetAside() throws Exception {
    Path left = killed(10);
    Path snapshot = find(left, "snapshot\\.\\d+_\\d+");
    byte[] bytes = Files.readAllBytes(snapshot);
    bytes[bytes.length / 2] ^= 1;
    Files.write(snapshot, bytes);
    assertOpens(left, EVENTS);
    assertThat(snapshot.resolveSibling("damaged-" + snapshot.getFileName())).exists();
  }

  @Test
  void aSnapshotThatWasNotFinishedIsRemoved() throws Exception {
    Path left = killed(10);
    Path last = find(left, "snapshot\\.\\d+_\\d+");
    Path unfinished = last.resolveSibling("snapshot.9_99999");
    Files.write(unfinished, new byte[10]);
    assertOpens(left, EVENTS);
    assertThat(unfinished).doesNotExist();
  }

  @Test
  void aSnapshotAheadOfTheLogIsGoneOnFrom() throws Exception {
    Heard heard = new Heard();
    Path left = folder.resolve("left");
    try (Journal journal = open(left, SNAPSHOTS_BY_HAND, heard)) {
      append(journal, new Command.JournalCreated("journal"));
      append(journal, 0, EVENTS);
    } // takes a snapshot
    byte[] log = Files.readAllBytes(log(left));
    Files.write(log(left), Arrays.copyOf(log, log.length / 2));
    assertOpens(left, EVENTS);
  }

  @Test
  void aFolderInUseIsRefused() throws Exception {
    Path live = folder.resolve("live");
    try (Journal journal = open(live, SNAPSHOTS_BY_HAND, new Heard())) {
      assertRefused(live, "in use by another relay");
      append(journal, new Command.JournalCreated("journal"));
    }
  }

  @Test
  void aFileInPlaceOfTheFolderIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefused(file.resolve("journal"), "cannot be written", "expected: a folder");
  }

  private static void appendNewer(Journal journal) {
    assertThatThrownBy(
            () ->
                journal
                    .append(
                        Batch.newBuilder()
                            .setVersion(EntryReader.VERSION + 1)
                            .addCommand(CommandRecords.write(new Command.JournalCreated("newer")))
                            .build())
                    .get(30, TimeUnit.SECONDS))
        .hasMessageContaining("0 replies");
  }

  @Test
  void anEntryOfANewerVersionStopsThisHostAndIsNamed() throws Exception {
    Heard heard = new Heard();
    Path left = folder.resolve("left");
    try (Journal journal = open(left, SNAPSHOTS_BY_HAND, heard)) {
      append(journal, new Command.JournalCreated("journal"));
      appendNewer(journal);
      assertThat(heard.broken).contains("version: 6 (expected: at most 5)");
      assertThat(heard.state.journalId()).isEqualTo("journal");
    }
  }

  /** Or a newer version, started later, would take the snapshot for the state behind that entry. */
  @Test
  void noSnapshotStandsBehindAnEntryThatWasNotApplied() throws Exception {
    Path left = folder.resolve("left");
    Heard heard = new Heard();
    try (Journal journal = open(left, 1, heard)) {
      append(journal, new Command.JournalCreated("journal"));
      appendNewer(journal);
    }
    long newer = Long.parseLong(heard.broken.replaceAll(".*i:(\\d+)\\).*", "$1"));
    for (int start = 0; start < 2; start++) {
      try (Journal journal = open(left, 1, new Heard())) {
        appendNewer(journal);
      }
    }
    try (Stream<Path> files = Files.walk(left)) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.matches("snapshot\\.\\d+_\\d+"))
                  .map(name -> Long.valueOf(name.substring(name.indexOf('_') + 1))))
          .isNotEmpty()
          .allSatisfy(index -> assertThat(index).isLessThan(newer));
    }
  }
}
