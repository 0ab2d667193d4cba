package io.aliecs.relay.journal.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.testkit.CertificateAuthority;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.SetConfigurationRequestProto;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class PeerRequestTest {
  private static final List<ClusterHost> SETTINGS =
      ClusterHost.list("a=10.0.0.1:8701, b=10.0.0.2:8701, c=relay-c.example:8701, d=[fd00::4]:1");
  private static final List<ClusterHost> TWO = SETTINGS.subList(0, 2);

  private final KnownHosts hosts = new KnownHosts(SETTINGS);

  private static PeerNames named(String... addresses) {
    return new PeerNames("CN=x", Set.of(addresses), Set.of("x"));
  }

  private KnownHosts.Standing standing(PeerNames names) {
    return hosts.of(names, null);
  }

  @Test
  void aCertificateIsOfTheHostWhoseAddressItNames() {
    assertThat(standing(named("10.0.0.2")).members()).containsExactly("b");
    assertThat(standing(named("relay-c.example")).members()).containsExactly("c");
    assertThat(standing(named("fd00:0:0:0:0:0:0:4")).members()).containsExactly("d");
    assertThat(standing(named("10.0.0.9", "*.example")).isMember()).isFalse();
    PeerNames onlyItsId = new PeerNames("CN=a", Set.of(), Set.of("a"));
    assertThat(standing(onlyItsId).isMember()).isFalse();
  }

  @Test
  void hostsAtOneAddressAreToldApartByTheirIds() {
    List<ClusterHost> loopback = ClusterHost.list("a=127.0.0.1:1, b=127.0.0.1:2");
    KnownHosts near = new KnownHosts(loopback);
    PeerNames b = new PeerNames("CN=b", Set.of("127.0.0.1"), Set.of("b", "localhost"));
    assertThat(near.of(b, null).members()).containsExactly("b");
    PeerNames other = new PeerNames("CN=x", Set.of("127.0.0.1"), Set.of("x", "localhost"));
    assertThat(near.of(other, null).isMember()).isFalse();
  }

  @Test
  void namesAreReadFromTheCertificate(@TempDir Path folder) throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder, "secret");
    try (InputStream in =
        Files.newInputStream(authority.issuePem("relay-1", false).certificate())) {
      PeerNames names =
          PeerNames.of(
              (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in));
      assertThat(names.subject()).isEqualTo("CN=relay-1");
      assertThat(names.ids()).containsExactlyInAnyOrder("relay-1", "localhost");
      assertThat(names.addresses()).containsExactlyInAnyOrder("127.0.0.1", "localhost");
    }
  }

  @Test
  void theJournalSaysWhoBelongsToTheClusterOnceItNamesSome() {
    hosts.open(List::of);
    assertThat(standing(named("10.0.0.1")).members()).containsExactly("a");
    hosts.open(() -> TWO);
    assertThat(standing(named("10.0.0.1")).members()).containsExactly("a");
    assertThat(standing(named("relay-c.example")).isMember()).isFalse();
    assertThat(standing(named("relay-c.example")).listed()).containsExactly("c");
  }

  @Test
  void whatOtherHostsSayHoldsUntilTheJournalNamesOthers() {
    List<ClusterHost> added = ClusterHost.list("e=10.0.0.5:1");
    hosts.open(() -> TWO);
    assertThat(standing(named("10.0.0.5")).isMember()).isFalse();
    hosts.learn(added);
    assertThat(standing(named("10.0.0.5")).isMember()).isTrue();
    List<ClusterHost> one = SETTINGS.subList(0, 1);
    hosts.open(() -> one);
    assertThat(standing(named("10.0.0.5")).isMember()).isFalse();
  }

  @Test
  void aHostOfTheSettingsMayTakeItselfInAndDoNothingElse() {
    hosts.open(() -> TWO);
    KnownHosts.Standing c = standing(named("relay-c.example"));
    assertThat(PeerRequest.REPLICATION.refuses(c)).isPresent();
    assertThat(PeerRequest.COMMAND.refuses(c)).isPresent();
    assertThat(PeerRequest.MEMBERSHIP.refuses(c)).isEmpty();
    assertThat(change(c, "a=10.0.0.1:8701", "b=10.0.0.2:8701", "c=relay-c.example:8701")).isTrue();
    assertThat(change(c, "a=10.0.0.1:8701", "c=relay-c.example:8701")).isFalse();
    assertThat(change(c, "a=10.0.0.1:8701", "b=10.0.0.9:8701", "c=relay-c.example:8701")).isFalse();
    assertThat(change(c, "a=10.0.0.1:8701", "b=10.0.0.2:8701", "d=10.0.0.4:8701")).isFalse();
    assertThat(change(c, "c=relay-c.example:8701")).isFalse();
    assertThat(change(standing(named("10.0.0.1")), "a=10.0.0.1:8701")).isTrue();
  }

  private static boolean change(KnownHosts.Standing peer, String... to) {
    SetConfigurationRequestProto change =
        SetConfigurationRequestProto.newBuilder()
            .addAllPeers(
                Stream.of(to)
                    .map(ClusterHost::parse)
                    .map(
                        host ->
                            RaftPeerProto.newBuilder()
                                .setId(ByteString.copyFromUtf8(host.id()))
                                .setAddress(host.address())
                                .build())
                    .toList())
            .build();
    return PeerRequest.MEMBERSHIP.refuses(peer, change).isEmpty();
  }

  @Test
  void whatNoHostAsksForIsNobodys() {
    KnownHosts.Standing a = standing(named("10.0.0.1"));
    for (String method :
        List.of(
            "ratis.grpc.AdminProtocolService/groupManagement",
            "ratis.grpc.AdminProtocolService/snapshotManagement",
            "ratis.grpc.AdminProtocolService/leaderElectionManagement",
            "ratis.grpc.RaftClientProtocolService/unordered",
            "what/ever")) {
      assertThat(PeerRequest.of(method)).isEqualTo(PeerRequest.NOBODYS);
      assertThat(PeerRequest.of(method).refuses(a)).isPresent();
    }
    assertThat(PeerRequest.of("ratis.grpc.AdminProtocolService/groupInfo"))
        .isEqualTo(PeerRequest.QUESTION);
  }
}
