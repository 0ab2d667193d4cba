package io.aliecs.relay.hosts;

import static io.aliecs.relay.hosts.ControlHosts.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.journal.tls.ClusterCertificates;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.CertificateAuthority.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and their authority change while three hosts go on. */
@Tag("slow")
class CertificateChangeTest {
  private static final List<String> HOSTS = List.of("relay-1", "relay-2", "relay-3");

  @TempDir Path folder;
  private final Map<String, ClusterCertificates> certificates = new HashMap<>();
  private CertificateAuthority old;
  private CertificateAuthority young;

  private Path file(String id, String name) {
    return folder.resolve(id + "-" + name + ".pem");
  }

  private void put(String id, PemFiles issued) throws IOException {
    Files.copy(issued.key(), file(id, "key"), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(issued.certificate(), file(id, "own"), StandardCopyOption.REPLACE_EXISTING);
  }

  private void trust(String id, CertificateAuthority... authorities) throws IOException {
    StringBuilder all = new StringBuilder();
    for (CertificateAuthority one : authorities) {
      all.append(Files.readString(one.certificate()));
    }
    Files.writeString(file(id, "authority"), all);
  }

  private Optional<ClusterCertificates> of(String id) {
    return Optional.of(
        certificates.computeIfAbsent(
            id,
            first ->
                ClusterCertificates.read(file(id, "own"), file(id, "key"), file(id, "authority"))));
  }

  private void make(String id, PemFiles issued, CertificateAuthority authority) throws IOException {
    put(id, issued);
    trust(id, authority);
  }

  @Test
  void newConnectionsOfTheJournalAreMadeWithNewOnesAndOldOnesAreRefusedInTheEnd() throws Exception {
    old = new CertificateAuthority(folder.resolve("old"), "secret");
    young = new CertificateAuthority(folder.resolve("young"), "secret");
    for (String id : HOSTS) {
      make(id, old.issuePem(id, false), old);
    }

    try (ControlHosts hosts = new ControlHosts(folder, 3, this::of).startAll()) {
      assertThat(hosts.send("relay-1", event("1", "CREATED", "")).verdict())
          .isEqualTo(Verdict.APPLIED);
      changeToYoung();

      String follower = HOSTS.stream().filter(id -> !id.equals(hosts.leader())).findFirst().get();
      hosts.stop(follower);
      certificates.remove(follower); // read from the files, as a process that starts does
      hosts.start(follower);
      assertThat(hosts.send(follower, event("2", "ENTERED", "DEPLOY")).verdict())
          .isEqualTo(Verdict.APPLIED);
      hosts.awaitState(State.DEPLOYED);
      hosts.stop(follower);

      make(
          follower,
          old.issuePem(follower, false),
          old); // whoever still has the old ones is a stranger now
      certificates.remove(follower);
      hosts.start(follower);
      assertThat(hosts.send(hosts.leader(), event("3", "ENTERED", "CONFIGURE")).verdict())
          .isEqualTo(Verdict.APPLIED);
      assertThat(hosts.stateOn(follower)).isNotEqualTo(State.CONFIGURED);
    }
  }

  /** As {@code docs/cluster.md} says: both authorities, then the certificates, then the new one. */
  private void changeToYoung() throws IOException {
    for (String id : HOSTS) {
      change(id, () -> trust(id, old, young));
    }
    for (String id : HOSTS) {
      change(id, () -> put(id, young.issuePem(id, false)));
    }
    for (String id : HOSTS) {
      change(id, () -> trust(id, young));
    }
  }

  private interface Change {
    void make() throws IOException;
  }

  /** Changes files and waits until they are in force. */
  private void change(String id, Change change) throws IOException {
    String before = reading(id);
    change.make();
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !reading(id).equals(before));
  }

  private String reading(String id) {
    return of(id).orElseThrow().keyManager().chooseServerAlias("EC", null, null);
  }
}
