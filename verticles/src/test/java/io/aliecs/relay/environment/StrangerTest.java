package io.aliecs.relay.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.ClusterChange;
import io.aliecs.relay.dev.CertificateAuthority;
import io.aliecs.relay.dev.CertificateAuthority.PemFiles;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.tls.ClusterCertificates;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.thirdparty.io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates of the right authority at the port of the journal: a host is who its own says. */
class StrangerTest {
  private static final String[] ALL = {"a", "b", "c"};
  private static final int SMALL = 10;
  private static final int HUGE = 83_000_000;

  @TempDir Path folder;
  private CertificateAuthority authority;
  private ClusterFixture cluster;
  private String leader;
  private String follower;
  private String third;

  @BeforeEach
  void open() throws Exception {
    authority = new CertificateAuthority(folder.resolve("ca"), "secret");
    cluster = new ClusterFixture(folder, 10_000, id -> Optional.of(certificate(id)));
    for (String id : ALL) {
      cluster.start(id, ALL);
    }
    leader = cluster.awaitLeader(ALL);
    for (String id : ALL) {
      cluster.awaitWhole(id);
    }
    cluster.create(leader, "one");
    List<String> others = Stream.of(ALL).filter(id -> !id.equals(leader)).toList();
    follower = others.get(0);
    third = others.get(1);
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
  }

  private ClusterCertificates certificate(String name) {
    PemFiles issued = authority.issuePem(name, false);
    return ClusterCertificates.read(issued.certificate(), issued.key(), authority.certificate());
  }

  private PeerWithCertificate with(String name) {
    return new PeerWithCertificate(certificate(name));
  }

  private RaftClient clientOf(String name) {
    return with(name).client(cluster.host(leader), hosts());
  }

  private List<ClusterHost> hosts() {
    return Stream.of(ALL).map(cluster::host).toList();
  }

  private void nothingHasChanged() throws Exception {
    assertThat(cluster.status(leader).leading()).isTrue();
    assertThat(cluster.status(leader).term()).isLessThan(1_000);
    assertThat(cluster.members(leader)).containsExactly(ALL);
    cluster.create(leader, "two");
    for (String id : ALL) {
      cluster.awaitWhole(id);
      await().until(() -> cluster.environments(id) == 2);
    }
  }

  @Test
  void aCertificateOfAnotherNameCannotAppendOrVoteUnderAnyName() throws Exception {
    PeerWithCertificate stranger = with("sender");
    ClusterHost host = cluster.host(follower);
    for (String name : new String[] {"sender", leader, third}) {
      assertThat(stranger.appends(host, name, SMALL)).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(stranger.asksForVote(host, name)).isEqualTo(Status.Code.PERMISSION_DENIED);
    }
    nothingHasChanged();
  }

  @Test
  void aHostCannotPoseAsAnotherOne() throws Exception {
    PeerWithCertificate host = with(third);
    assertThat(host.appends(cluster.host(follower), leader, SMALL))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(host.asksForVote(cluster.host(follower), leader))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    nothingHasChanged();
  }

  @Test
  void aCertificateOfAnotherNameCannotWriteEntriesOrChangeTheHosts() throws Exception {
    try (RaftClient stranger = clientOf("sender")) {
      assertThatThrownBy(() -> stranger.async().send(Message.valueOf("forged")).get())
          .hasStackTraceContaining("PERMISSION_DENIED");
      RaftPeer itself = GroupView.peer(new ClusterHost("sender", "127.0.0.1", 1));
      List<RaftPeer> with =
          Stream.concat(hosts().stream().map(GroupView::peer), Stream.of(itself)).toList();
      assertThatThrownBy(() -> stranger.admin().setConfiguration(with))
          .hasStackTraceContaining("PERMISSION_DENIED");
      assertThatThrownBy(
              () -> stranger.admin().transferLeadership(RaftPeerId.valueOf(third), 1_000))
          .hasStackTraceContaining("PERMISSION_DENIED");
    }
    nothingHasChanged();
  }

  @Test
  void nobodyDeletesTheJournalOfAnotherHostNotEvenAHost() throws Exception {
    try (RaftClient host = clientOf(third)) {
      assertThatThrownBy(
              () ->
                  host.getGroupManagementApi(RaftPeerId.valueOf(leader))
                      .remove(PeerWithCertificate.group(), true, false))
          .hasStackTraceContaining("PERMISSION_DENIED");
      assertThatThrownBy(
              () -> host.getSnapshotManagementApi(RaftPeerId.valueOf(leader)).create(1_000))
          .hasStackTraceContaining("PERMISSION_DENIED");
    }
    nothingHasChanged();
  }

  @Test
  void anOversizedFrameIsRefusedAndTheHostLives() throws Exception {
    assertThat(with("sender").appends(cluster.host(follower), "sender", HUGE))
        .isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(with(third).appends(cluster.host(follower), third, HUGE))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    nothingHasChanged();
  }

  @Test
  void whoIsToBeAddedMayAskWhoBelongsToTheClusterAndOneThatIsRemovedIsRefused() throws Exception {
    try (RaftClient stranger = clientOf("d")) {
      assertThat(
              stranger
                  .getGroupManagementApi(RaftPeerId.valueOf(leader))
                  .info(PeerWithCertificate.group())
                  .getGroup()
                  .getPeers())
          .hasSize(ALL.length);
    }
    cluster.change(leader, ClusterChange.remove(third));
    await()
        .untilAsserted(
            () ->
                assertThat(with(third).appends(cluster.host(follower), third, SMALL))
                    .isEqualTo(Status.Code.PERMISSION_DENIED));
    with(third).asksForVote(cluster.host(follower), third); // it hears that it is out, no more
    assertThat(cluster.status(leader).leading()).isTrue();
    assertThat(cluster.status(follower).term()).isLessThan(1_000);
  }

  @Test
  void aHostThatWasRemovedWhileItWasAwayIsToldSo() throws Exception {
    cluster.stop(third);
    cluster.change(leader, ClusterChange.remove(third));

    cluster.start(third, ALL);

    await()
        .untilAsserted(
            () -> assertThat(cluster.journal(third).reason()).contains("taken out of the cluster"));
    assertThat(cluster.members(leader)).hasSize(ALL.length - 1);
  }

  @Test
  void aHostThatLostItsDiskIsTakenInAgain() throws Exception {
    cluster.stop(third);
    cluster.wipe(third);

    cluster.start(third, ALL);

    cluster.awaitWhole(third);
    assertThat(cluster.members(leader)).containsExactly(ALL);
  }

  @Test
  void aHostThatWasAwayLetsInAnotherOneThatWasAddedMeanwhile() throws Exception {
    cluster.stop(third);
    cluster.start("d", "d", leader, follower);
    await()
        .untilAsserted(
            () -> assertThat(cluster.journal("d").reason()).contains("relay hosts add d"));
    cluster.change(leader, ClusterChange.add(cluster.host("d")));
    cluster.awaitWhole("d");
    try (RaftClient host = clientOf(follower)) {
      host.admin().transferLeadership(RaftPeerId.valueOf("d"), 10_000);
    }
    cluster.awaitLeader("d");

    cluster.start(third, ALL);

    cluster.awaitWhole(third);
    assertThat(cluster.members(third)).contains("d");
  }
}
