package io.aliecs.relay.hosts;

import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.aliecs.relay.settings.ClusterHost;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.CertificateAuthority.PemFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.ratis.client.RaftClient;

/** Three hosts, each with a certificate of its own, and peers with others of the same authority. */
final class SecuredHosts implements AutoCloseable {
  static final String[] ALL = {"a", "b", "c"};

  private final CertificateAuthority authority;
  private final Map<String, ClusterCertificates> certificates = new ConcurrentHashMap<>();

  final ClusterFixture cluster;

  /** One that leads when all have started, and the other two. */
  final String leader;

  final String follower;
  final String third;

  SecuredHosts(Path folder) throws Exception {
    authority = new CertificateAuthority(folder.resolve("ca"), "secret");
    cluster = new ClusterFixture(folder, 10_000, id -> Optional.of(certificate(id)));
    for (String id : ALL) {
      cluster.start(id, ALL);
    }
    leader = cluster.awaitLeader(ALL);
    for (String id : ALL) {
      cluster.awaitWhole(id);
    }
    List<String> others = Stream.of(ALL).filter(id -> !id.equals(leader)).toList();
    follower = others.get(0);
    third = others.get(1);
  }

  private ClusterCertificates certificate(String name) {
    return certificates.computeIfAbsent(
        name,
        first -> {
          PemFiles issued = authority.issuePem(name, false);
          return ClusterCertificates.read(
              issued.certificate(), issued.key(), authority.certificate());
        });
  }

  /** A host shows the certificate of another one from its next start on; null: its own. */
  void pose(String host, String as) {
    if (as == null) {
      certificates.remove(host);
    } else {
      certificates.put(host, certificate(as));
    }
  }

  List<ClusterHost> list() {
    return Stream.of(ALL).map(cluster::host).toList();
  }

  PeerWithCertificate with(String name) {
    return new PeerWithCertificate(certificate(name));
  }

  /** A client of that name that asks a host. */
  RaftClient client(String name, String host) {
    return with(name).client(cluster.host(host), list());
  }

  @Override
  public void close() throws Exception {
    cluster.close();
  }
}
