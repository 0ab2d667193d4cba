package io.aliecs.relay.hosts;

import static io.aliecs.relay.hosts.SecuredHosts.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.journal.group.RaftGroupInfo;
import io.aliecs.relay.settings.ClusterHost;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.Status.Code;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of the right authority at the port of the journal: a host is who its own says. */
@Tag("slow")
class StrangerTest {
  private static final int SMALL = 10;
  private static final int HUGE = 83_000_000;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @TempDir static Path folder;
  private static SecuredHosts hosts;
  private static int created;

  @BeforeAll
  static void open() throws Exception {
    hosts = new SecuredHosts(folder);
  }

  @AfterAll
  static void close() throws Exception {
    hosts.close();
  }

  @AfterEach
  void nothingHasChanged() throws Exception {
    String leader = hosts.cluster.awaitLeader(ALL);
    assertThat(hosts.cluster.members(leader)).containsExactly(ALL);
    hosts.cluster.create(leader, "environment " + ++created);
    for (String id : ALL) {
      await() // one that was started again refuses until it has read its journal
          .atMost(LIMIT)
          .ignoreExceptions()
          .until(() -> hosts.cluster.environments(id) == created);
      assertThat(hosts.cluster.status(id).term()).isLessThan(1_000);
    }
  }

  @Test
  void aCertificateOfAnotherNameCannotAppendOrVoteUnderAnyName() throws Exception {
    PeerWithCertificate stranger = hosts.with("sender");
    ClusterHost host = hosts.cluster.host(hosts.follower);
    for (String name : new String[] {"sender", hosts.leader, hosts.third}) {
      assertThat(stranger.appends(host, name, SMALL)).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(stranger.asksForVote(host, name)).isEqualTo(Code.PERMISSION_DENIED);
    }
  }

  @Test
  void aHostCannotPoseAsAnotherOne() throws Exception {
    PeerWithCertificate host = hosts.with(hosts.third);
    ClusterHost to = hosts.cluster.host(hosts.follower);
    assertThat(host.appends(to, hosts.leader, SMALL)).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(host.asksForVote(to, hosts.leader)).isEqualTo(Code.PERMISSION_DENIED);
  }

  /** All hosts here have one address: only their ids tell them apart. */
  @Test
  void nothingIsSentToAHostThatShowsTheCertificateOfAnotherOneAtItsAddress() throws Exception {
    hosts.cluster.stop(hosts.third);
    hosts.pose(hosts.third, hosts.follower);
    hosts.cluster.start(hosts.third, ALL);
    String leader = hosts.cluster.awaitLeader(hosts.leader, hosts.follower);
    hosts.cluster.create(leader, "environment " + ++created);

    await()
        .during(Duration.ofSeconds(3))
        .atMost(LIMIT)
        .until(() -> heardMs(leader, hosts.third) < 0 || heardMs(leader, hosts.third) > 1_000);
    assertThat(hosts.cluster.journal(leader).reason())
        .contains(hosts.third + " not heard of (expected: every host)");

    hosts.cluster.stop(hosts.third);
    hosts.pose(hosts.third, null);
    hosts.cluster.start(hosts.third, ALL);
  }

  private static long heardMs(String leader, String host) throws Exception {
    return hosts.cluster.status(leader).members().stream()
        .filter(member -> member.id().equals(host))
        .findFirst()
        .orElseThrow()
        .heardMs();
  }

  @Test
  void aCertificateOfAnotherNameCannotWriteEntriesOrChangeTheHosts() throws Exception {
    try (RaftClient stranger = hosts.client("sender", hosts.leader)) {
      assertThatThrownBy(() -> stranger.io().send(Message.valueOf("forged")))
          .hasStackTraceContaining("PERMISSION_DENIED");
      RaftPeer itself = RaftGroupInfo.peer(new ClusterHost("sender", "127.0.0.1", 1));
      List<RaftPeer> with =
          Stream.concat(hosts.list().stream().map(RaftGroupInfo::peer), Stream.of(itself)).toList();
      assertThatThrownBy(() -> stranger.admin().setConfiguration(with))
          .hasStackTraceContaining("PERMISSION_DENIED");
      RaftPeerId third = RaftPeerId.valueOf(hosts.third);
      assertThatThrownBy(() -> stranger.admin().transferLeadership(third, 1_000))
          .hasStackTraceContaining("PERMISSION_DENIED");
    }
  }

  @Test
  void nobodyDeletesTheJournalOfAnotherHostNotEvenAHost() throws Exception {
    RaftPeerId leader = RaftPeerId.valueOf(hosts.leader);
    try (RaftClient host = hosts.client(hosts.third, hosts.leader)) {
      assertThatThrownBy(
              () ->
                  host.getGroupManagementApi(leader)
                      .remove(PeerWithCertificate.group(), true, false))
          .hasStackTraceContaining("PERMISSION_DENIED");
      assertThatThrownBy(() -> host.getSnapshotManagementApi(leader).create(1_000))
          .hasStackTraceContaining("PERMISSION_DENIED");
    }
  }

  @Test
  void anOversizedFrameIsRefusedAndTheHostLives() throws Exception {
    ClusterHost to = hosts.cluster.host(hosts.follower);
    assertThat(hosts.with("sender").appends(to, "sender", HUGE)).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(hosts.with(hosts.third).appends(to, hosts.third, HUGE))
        .isEqualTo(Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void whoIsToBeAddedMayAskWhoBelongsToTheCluster() throws Exception {
    try (RaftClient stranger = hosts.client("d", hosts.leader)) {
      assertThat(
              stranger
                  .getGroupManagementApi(RaftPeerId.valueOf(hosts.leader))
                  .info(PeerWithCertificate.group())
                  .getGroup()
                  .getPeers())
          .hasSize(ALL.length);
    }
  }
}
