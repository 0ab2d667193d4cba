package io.aliecs.relay.hosts;

import static io.aliecs.relay.hosts.SecuredHosts.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.status.ClusterChange;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.Status.Code;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts come, go and come back where each may do only what its certificate is good for. */
@Tag("slow")
class SecuredMembershipTest {
  private static final int SMALL = 10;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir Path folder;
  private SecuredHosts hosts;
  private ClusterFixture cluster;
  private String third;

  @BeforeEach
  void open() throws Exception {
    hosts = new SecuredHosts(folder);
    cluster = hosts.cluster;
    third = hosts.third;
  }

  @AfterEach
  void close() throws Exception {
    hosts.close();
  }

  @Test
  void aHostThatIsRemovedIsRefused() throws Exception {
    cluster.change(hosts.leader, ClusterChange.remove(third));

    PeerWithCertificate removed = hosts.with(third);
    var to = cluster.host(hosts.follower);
    await().atMost(LIMIT).until(() -> removed.appends(to, third, SMALL) == Code.PERMISSION_DENIED);
    removed.asksForVote(to, third); // it hears that it is out, and no more
    assertThat(cluster.status(hosts.follower).term()).isLessThan(1_000);
    assertThat(cluster.status(hosts.follower).certificateUntil())
        .isGreaterThan(System.currentTimeMillis());
    cluster.create(cluster.awaitLeader(hosts.leader, hosts.follower), "one");
  }

  @Test
  void aHostThatWasRemovedWhileItWasAwayIsToldSo() throws Exception {
    cluster.stop(third);
    cluster.change(hosts.leader, ClusterChange.remove(third));

    cluster.start(third, ALL);

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(cluster.journal(third).reason()).contains("taken out of the cluster"));
  }

  @Test
  void aHostThatLostItsDiskIsTakenInAgain() throws Exception {
    cluster.stop(third);
    cluster.wipe(third);

    cluster.start(third, ALL);

    cluster.awaitWhole(third);
    assertThat(cluster.members(third)).containsExactly(ALL);
  }

  @Test
  void aHostThatWasAwayLetsInAnotherOneThatWasAddedMeanwhileAndLeads() throws Exception {
    cluster.stop(third);
    cluster.start("d", "d", hosts.leader, hosts.follower);
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> assertThat(cluster.journal("d").reason()).contains("relay hosts add d"));
    cluster.change(hosts.leader, ClusterChange.add(cluster.host("d")));
    cluster.awaitWhole("d");
    try (RaftClient host = hosts.client(hosts.follower, hosts.leader)) {
      host.admin().transferLeadership(RaftPeerId.valueOf("d"), 10_000);
    }
    cluster.awaitLeader("d");

    cluster.start(third, ALL);

    cluster.awaitWhole(third);
    assertThat(cluster.members(third)).contains("d");
  }
}
