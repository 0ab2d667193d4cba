package io.aliecs.relay.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.hosts.ClusterFixture;
import io.aliecs.relay.journal.codec.StateRecords;
import io.aliecs.relay.proto.journal.OutboxEntryRecord;
import io.aliecs.relay.proto.journal.OutboxRecord;
import io.aliecs.relay.proto.journal.StateRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A journal that an older version has written leads to the same state as ever: whoever stops all
 * hosts of that version and starts them on this one loses nothing.
 */
@Tag("slow")
class KeptJournalTest {
  private static final int SNAPSHOT_EVERY = 4;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"journal-of-0.1.zip", "journal-of-926fab7.zip"})
  void leadsToTheStateThatItsCommandsMean(String kept) throws Exception {
    KeptJournal.unzip(kept, folder.resolve("a"));
    try (ClusterFixture cluster = new ClusterFixture(folder)) {
      startAlone(cluster);

      RelayState state = cluster.state("a");

      assertThat(comparable(state)).isEqualTo(comparable(expected(state)));
      assertThat(state.environments()).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"journal-of-0.1.zip", "journal-of-926fab7.zip"})
  void goesOnWithAnEndThatIsKnownAgainAfterSnapshotsAndARestart(String kept) throws Exception {
    KeptJournal.unzip(kept, folder.resolve("a"));
    EnvironmentEvent end =
        EnvironmentEvent.builder("2idle", EventType.DESTROYED, 60).eventId("its end").build();
    try (ClusterFixture cluster = new ClusterFixture(folder, SNAPSHOT_EVERY)) {
      startAlone(cluster);
      assertThat(cluster.send("a", end).verdict()).isEqualTo(Verdict.APPLIED);
      Command forget = new Command.HistoryLimited(0, Long.MAX_VALUE);
      cluster.append("a", Collections.nCopies(3 * SNAPSHOT_EVERY, forget));
      cluster.stop("a");

      startAlone(cluster);
      assertThat(cluster.state("a").ended()).isEmpty();
      assertThat(cluster.send("a", end).verdict()).isEqualTo(Verdict.DUPLICATE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"journal-of-0.1.zip", "journal-of-926fab7.zip"})
  void takesWhatOnlyThisVersionKnowsAndKeepsIt(String kept) throws Exception {
    KeptJournal.unzip(kept, folder.resolve("a"));
    try (ClusterFixture cluster = new ClusterFixture(folder)) {
      startAlone(cluster);
      assertThat(cluster.state("a").activeRuns()).containsKey("2running");
      cluster.append(
          "a",
          List.of(
              new Command.EnvironmentEnded(
                  "2running", EndCause.FORGOTTEN, "", "anna", Long.MAX_VALUE, 70),
              new Command.CoreStarted("a core", 80, null)));
      RelayState ended = cluster.state("a");
      assertThat(ended.environments()).isEmpty();
      assertThat(ended.inferredEnds()).containsKeys("2running", "2idle");
      cluster.stop("a");

      startAlone(cluster);
      assertThat(StateRecords.write(cluster.state("a"))).isEqualTo(StateRecords.write(ended));
    }
  }

  /** Without the times of lists, of which a snapshot of that version knows nothing. */
  private static StateRecord comparable(RelayState state) {
    StateRecord.Builder record = StateRecords.write(state).toBuilder();
    OutboxRecord.Builder outbox = record.getOutboxBuilder().clearListedAt().clearNewestChange();
    outbox.getEntryBuilderList().forEach(OutboxEntryRecord.Builder::clearListedAt);
    outbox.getParkedBuilderList().forEach(parked -> parked.getEntryBuilder().clearListedAt());
    return record.build();
  }

  private static void startAlone(ClusterFixture cluster) throws Exception {
    cluster.start("a", "a");
    cluster.awaitLeader("a");
    cluster.awaitWhole("a");
  }

  /** The journal was given its name when it was made; all else is in the commands. */
  private static RelayState expected(RelayState named) {
    RelayState state = RelayState.EMPTY;
    List<Command> commands = new ArrayList<>(KeptJournal.commands());
    commands.add(0, new Command.JournalCreated(named.journalId()));
    for (Command command : commands) {
      state = state.apply(command, Rules.FIRST).state();
    }
    return state;
  }
}
