package io.aliecs.relay.environment;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.Command;
import io.aliecs.relay.domain.RelayState;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A journal that an older version has written leads to the same state as ever. */
class KeptJournalTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"journal-of-0.1.zip"})
  void leads_to_the_state_that_its_commands_mean(String kept) throws Exception {
    KeptJournal.unzip(kept, folder.resolve("a"));
    try (ClusterFixture cluster = new ClusterFixture(folder)) {
      cluster.start("a", "a");
      cluster.awaitLeader("a");
      cluster.awaitWhole("a");

      RelayState state = cluster.state("a");

      assertThat(StateRecords.write(state)).isEqualTo(StateRecords.write(expected(state)));
      assertThat(state.environments()).hasSize(3);
    }
  }

  /** The journal was given its name when it was made; all else is in the commands. */
  private static RelayState expected(RelayState named) {
    RelayState state =
        RelayState.EMPTY.apply(new Command.JournalCreated(named.journalId())).state();
    for (Command command : KeptJournal.commands()) {
      state = state.apply(command).state();
    }
    return state;
  }
}
