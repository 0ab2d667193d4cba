package io.aliecs.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.journal.codec.StateRecords;
import io.aliecs.relay.proto.journal.StateRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.ratis.io.MD5Hash;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.util.SizeInBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotsTest {
  private static final RelayState STATE =
      RelayState.EMPTY.apply(new Command.JournalCreated("journal")).state();

  private static final Predicate<String> DRAFT = file -> file.endsWith(".draft");

  @TempDir Path root;
  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private RaftStorage raft;
  private Path folder;
  private Snapshots snapshots;

  @BeforeEach
  void open() throws IOException {
    raft =
        RaftStorage.newBuilder()
            .setDirectory(root.toFile())
            .setOption(RaftStorage.StartupOption.RECOVER)
            .setStorageFreeSpaceMin(SizeInBytes.ZERO)
            .build();
    raft.initialize();
    storage.init(raft);
    folder = raft.getStorageDir().getStateMachineDir().toPath();
    Files.createDirectories(folder);
    snapshots = new Snapshots(storage);
    snapshots.open();
  }

  @AfterEach
  void close() throws IOException {
    snapshots.close(TermIndex.INITIAL_VALUE, STATE);
    raft.close();
  }

  private static TermIndex at(long index) {
    return TermIndex.valueOf(1, index);
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void oneIsNamedOnceItIsWholeHoweverFarTheStateHasGoneOn() throws Exception {
    long named = snapshots.take(at(5), STATE);
    for (int next = 6; named < 0; next++) {
      named = snapshots.take(at(next), RelayState.EMPTY);
    }
    assertThat(named).isEqualTo(5);
    assertThat(files()).containsExactly("snapshot.1_5", "snapshot.1_5.md5");
    StateRecord written = StateRecord.parseFrom(Files.readAllBytes(folder.resolve("snapshot.1_5")));
    assertThat(StateRecords.read(written)).isEqualTo(STATE);
    assertThat(storage.getLatestSnapshot().getIndex()).isEqualTo(5);
  }

  @Test
  void nothingIsWrittenBeforeTheFirstEntry() throws Exception {
    assertThat(snapshots.take(TermIndex.INITIAL_VALUE, RelayState.EMPTY)).isEqualTo(-1);
    snapshots.close(TermIndex.INITIAL_VALUE, RelayState.EMPTY);
    assertThat(files()).isEmpty();
  }

  @Test
  void theNewerOneOfALeaderStaysTheNewest() throws Exception {
    snapshots.take(TermIndex.valueOf(1, 5), STATE);
    FileInfo sent = new FileInfo(folder.resolve("snapshot.1_9"), MD5Hash.newInstance(new byte[16]));
    storage.updateLatestSnapshot(new SingleFileSnapshotInfo(sent, at(9)));
    snapshots.close(at(8), STATE);
    assertThat(files()).noneMatch(DRAFT);
    assertThat(storage.getLatestSnapshot().getIndex()).isEqualTo(9);
  }

  @Test
  void oneThatCannotBeWrittenIsSaidAndBegunAnew() throws Exception {
    Files.delete(folder);
    assertThatThrownBy(
            () -> {
              while (true) {
                snapshots.take(at(5), STATE);
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("a snapshot cannot be written", "snapshot.1_5");
    Files.createDirectories(folder);
    await().until(() -> snapshots.take(at(7), STATE) == 7);
  }

  @Test
  void closingWritesTheLastStateBehindOneThatIsBeingWritten() throws Exception {
    snapshots.take(at(5), RelayState.EMPTY);
    snapshots.close(at(7), STATE);
    assertThat(storage.getLatestSnapshot().getIndex()).isEqualTo(7);
    assertThat(files()).contains("snapshot.1_7", "snapshot.1_7.md5").noneMatch(DRAFT);
  }

  @Test
  void closingWritesTheLastStateBehindOneThatCouldNotBeWritten() throws Exception {
    Files.createDirectory(folder.resolve("snapshot.1_5.draft")); // which no file can be
    try {
      snapshots.take(at(5), STATE);
    } catch (IOException atOnce) {
      assertThat(atOnce).hasMessageContaining("snapshot.1_5");
    }
    snapshots.close(at(7), STATE);
    assertThat(files()).containsExactly("snapshot.1_7", "snapshot.1_7.md5");
  }

  @Test
  void whatAKillHasLeftHalfWrittenGoes() throws Exception {
    Files.writeString(folder.resolve("snapshot.1_3.draft"), "half");
    snapshots.open();
    assertThat(files()).isEmpty();
  }
}
