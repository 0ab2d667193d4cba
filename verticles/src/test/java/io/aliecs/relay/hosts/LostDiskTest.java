package io.aliecs.relay.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host with an empty disk may have forgotten what it promised; nothing is lost by that. */
@Tag("slow")
class LostDiskTest {
  private static final String[] ALL = {"a", "b", "c"};

  /** Several elections long. */
  private static final Duration ELECTIONS = Duration.ofSeconds(8);

  @TempDir Path folder;
  private ClusterFixture cluster;

  @BeforeEach
  void open() {
    cluster = new ClusterFixture(folder);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void aMajorityOfEmptyHostsMakesAJournalAndTheLastOneJoinsLate() throws Exception {
    cluster.start("a", ALL);
    await()
        .dontCatchUncaughtExceptions()
        .untilAsserted(
            () ->
                assertThat(cluster.journal("a").reason()).contains("only [a] answer", "expected"));
    cluster.start("b", ALL);
    String leader = cluster.awaitLeader("a", "b");
    cluster.create(leader, "one");

    cluster.start("c", ALL);

    cluster.awaitWhole("c");
    assertThat(cluster.environments("c")).isEqualTo(1);
    assertThat(cluster.members(leader)).containsExactly(ALL);
  }

  @Test
  void aHostThatLostItsDiskDoesNotHelpOneThatIsBehindToLead() throws Exception {
    String leader = startAll();
    String behind = other(leader, "");
    String wiped = other(leader, behind);
    cluster.stop(behind);
    cluster.create(leader, "safe on " + leader + " and " + wiped);
    cluster.stop(leader);
    cluster.stop(wiped);
    cluster.wipe(wiped);

    cluster.start(wiped, ALL);
    cluster.start(behind, ALL);

    // With a vote it would have one of them lead without what was safe.
    await()
        .dontCatchUncaughtExceptions()
        .during(ELECTIONS)
        .atMost(ELECTIONS.plusSeconds(60))
        .until(() -> cluster.leading(wiped, behind).isEmpty());
    assertThat(cluster.journal(wiped).reason()).contains("no host with a journal leads");
    cluster.start(leader, ALL);
    cluster.awaitWhole(wiped);
    cluster.awaitWhole(behind);
    assertThat(cluster.environments(wiped)).isEqualTo(1);
    assertThat(cluster.environments(behind)).isEqualTo(1);
  }

  @Test
  void aHostThatLostItsDiskGetsEverythingAndItsVoteFromALeaderThatStays() throws Exception {
    String leader = startAll();
    cluster.create(leader, "one");
    String wiped = other(leader, "");
    String third = other(leader, wiped);
    cluster.stop(wiped);
    cluster.wipe(wiped);
    long term = cluster.status(leader).term();

    cluster.start(wiped, ALL);

    cluster.awaitWhole(wiped);
    assertThat(cluster.environments(wiped)).isEqualTo(1);
    assertThat(cluster.status(leader).term()).isEqualTo(term);
    cluster.stop(third);
    cluster.create(leader, "two");
    assertThat(cluster.members(leader)).containsExactly(ALL);
  }

  private String startAll() throws Exception {
    for (String id : ALL) {
      cluster.start(id, ALL);
    }
    String leader = cluster.awaitLeader(ALL);
    for (String id : ALL) {
      cluster.awaitWhole(id);
    }
    return leader;
  }

  private static String other(String than, String norThan) {
    for (String id : ALL) {
      if (!id.equals(than) && !id.equals(norThan)) {
        return id;
      }
    }
    throw new AssertionError("no third host");
  }
}
