package io.aliecs.relay.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.status.ClusterChange;
import io.vertx.core.eventbus.ReplyException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts come and go while the journal is kept. */
@Tag("slow")
class MembershipTest {
  private static final String[] ALL = {"a", "b", "c"};

  @TempDir Path folder;
  private ClusterFixture cluster;

  @BeforeEach
  void open() throws Exception {
    cluster = new ClusterFixture(folder);
    cluster.start("a", "a");
    cluster.awaitLeader("a");
    cluster.create("a", "one");
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  @Test
  void oneHostBecomesThreeAndOneAgain() throws Exception {
    grow();
    String leader = cluster.awaitLeader(ALL);
    cluster.create(leader, "two");
    for (String id : ALL) {
      cluster.awaitWhole(id);
      assertThat(cluster.environments(id)).isEqualTo(2);
    }

    cluster.change("b", ClusterChange.remove("a")); // which leads
    leader = cluster.awaitLeader("b", "c");
    assertThat(cluster.members(leader)).containsExactly("b", "c");
    await()
        .untilAsserted(
            () -> assertThat(cluster.journal("a").reason()).contains("taken out of the cluster"));
    String follower = leader.equals("b") ? "c" : "b";
    cluster.change(leader, ClusterChange.remove(follower));
    cluster.create(leader, "three");
    assertThat(cluster.members(leader)).containsExactly(leader);
  }

  @Test
  void aDeadHostIsReplacedByOneWithAnotherName() throws Exception {
    grow();
    cluster.awaitWhole("c");
    cluster.stop("c");
    cluster.start("d", "a", "b", "d");
    awaitOutside("d");

    cluster.change("b", ClusterChange.replace("c", cluster.host("d")));

    String leader = cluster.awaitLeader("a", "b", "d");
    assertThat(cluster.members(leader)).containsExactly("a", "b", "d");
    cluster.awaitWhole("d");
    cluster.stop("b");
    cluster.create(cluster.awaitLeader("a", "d"), "two");
  }

  @Test
  void whatWouldBreakTheClusterIsRefusedAndNothingChanges() throws Exception {
    refused(() -> cluster.change("a", ClusterChange.remove("a")), "none would be left");
    refused(() -> cluster.change("a", ClusterChange.remove("x")), "x is not in the cluster");
    refused(
        () -> cluster.change("a", ClusterChange.add(cluster.host("b"))), "b does not answer at");
    cluster.start("b", "b"); // alone
    cluster.awaitLeader("b");
    refused(
        () -> cluster.change("a", ClusterChange.add(cluster.host("b"))),
        "b has a journal of its own");
    assertThat(cluster.members("a")).containsExactly("a");
    cluster.create("a", "two");
  }

  @Test
  void settingsThatNameOtherHostsThanTheJournalAreTold() throws Exception {
    cluster.stop("a");
    cluster.start("a", ALL);
    await()
        .untilAsserted(
            () -> {
              assertThat(cluster.journal("a").healthy()).isTrue();
              assertThat(cluster.journal("a").reason()).contains("cluster.hosts", "relay hosts");
            });
  }

  @Test
  void aLoneHostTakesItsNewAddressIntoTheJournal() throws Exception {
    cluster.stop("a");
    cluster.moveElsewhere("a");
    cluster.start("a", "a");
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.status("a").members().get(0).address())
                    .isEqualTo(cluster.host("a").address()));
    cluster.create("a", "two");
  }

  private void grow() throws Exception {
    for (String id : new String[] {"b", "c"}) {
      cluster.start(id, ALL);
      awaitOutside(id);
      cluster.change("a", ClusterChange.add(cluster.host(id)));
    }
  }

  private void awaitOutside(String id) {
    await()
        .untilAsserted(
            () -> assertThat(cluster.journal(id).reason()).contains("relay hosts add " + id));
  }

  /** A host that stood still for long leads again in a moment, and judges nothing until then. */
  private static void refused(ThrowingCallable change, String why) {
    Throwable answer =
        await()
            .until(
                () -> catchThrowable(change),
                failed -> failed == null || !FailureCode.NOT_READY.is(failed));
    assertThat(answer)
        .isInstanceOfSatisfying(
            ReplyException.class,
            failure -> {
              assertThat(FailureCode.REFUSED.is(failure)).as(failure.toString()).isTrue();
              assertThat(failure).hasMessageContaining(why).hasMessageContaining("expected: ");
            });
  }
}
