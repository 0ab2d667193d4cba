package io.aliecs.relay.journal.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.journal.peers.KnownHosts;
import io.aliecs.relay.testkit.CertificateAuthority;
import io.aliecs.relay.testkit.CertificateAuthority.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class ClusterCertificatesTest {
  private static final KnownHosts ANY = new KnownHosts(List.of());

  @TempDir static Path folder;
  private static CertificateAuthority old;
  private static CertificateAuthority other;
  private static PemFiles ofOld;
  private static PemFiles ofOther;
  private static PemFiles expired;

  @TempDir Path files;
  private Path certificate;
  private Path key;
  private Path authority;

  @BeforeAll
  static void makeAuthorities() {
    old = new CertificateAuthority(folder.resolve("old"), "secret");
    other = new CertificateAuthority(folder.resolve("other"), "secret");
    ofOld = old.issuePem("host", false);
    ofOther = other.issuePem("host", false);
    expired = old.issuePem("late", true);
  }

  @BeforeEach
  void makeFiles() throws IOException {
    certificate = copy(ofOld.certificate(), "host.pem");
    key = copy(ofOld.key(), "key.pem");
    authority = copy(old.certificate(), "authority.pem");
  }

  private Path copy(Path from, String name) throws IOException {
    return Files.copy(from, files.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private ClusterCertificates read() {
    return ClusterCertificates.read(certificate, key, authority);
  }

  private static X509Certificate[] shown(ClusterCertificates certificates) {
    String alias = certificates.keyManager().chooseServerAlias("EC", null, null);
    return certificates.keyManager().getCertificateChain(alias);
  }

  @Test
  void whatIsNotGoodIsNamedAtTheStartWithItsFileAndWhatIsExpected() throws IOException {
    copy(ofOther.key(), "key.pem");
    refused("cluster.tls.key: " + key, "another key", "the one of " + certificate);
    Files.writeString(key, "no key");
    refused("cluster.tls.key: " + key, "Neither RSA nor EC", "PKCS #8");
    copy(ofOld.key(), "key.pem");
    copy(other.certificate(), "authority.pem");
    refused("cluster.tls.certificate: " + certificate, "signed by one in " + authority);
    Files.writeString(authority, "");
    refused("cluster.tls.authority: " + authority, "certificates in PEM");
    Files.delete(authority);
    refused("cluster.tls.authority: " + authority, "a file that can be read");
    copy(old.certificate(), "authority.pem");
    copy(expired.certificate(), "host.pem");
    copy(expired.key(), "key.pem");
    refused("cluster.tls.certificate: " + certificate, "valid now");
  }

  private void refused(String... parts) {
    assertThatThrownBy(this::read)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(parts)
        .hasMessageContaining("expected: ");
  }

  @Test
  void filesThatAreNotGoodLeaveTheLastGoodOnesInForceAndSayWhy() throws IOException {
    ClusterCertificates certificates = read();
    X509Certificate[] before = shown(certificates);
    assertThat(certificates.reread()).isFalse();
    assertThat(certificates.problem()).isEmpty();

    copy(ofOther.certificate(), "host.pem");
    assertThat(certificates.reread()).isFalse();
    assertThat(certificates.problem()).hasValueSatisfying(m -> assertThat(m).contains("" + key));
    assertThat(shown(certificates)).isEqualTo(before);

    copy(ofOld.certificate(), "host.pem");
    assertThat(certificates.reread()).isFalse();
    assertThat(certificates.problem()).isEmpty();
  }

  @Test
  void goodOnesAreInForceAtOnceForWhomIsShownAndForWhomIsTrusted() throws Exception {
    ClusterCertificates certificates = read();
    X509Certificate[] strange =
        ClusterCertificates.read(ofOther.certificate(), ofOther.key(), other.certificate())
            .current()
            .chainArray();
    assertThatThrownBy(() -> certificates.trustManager(ANY).checkClientTrusted(strange, "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
    String under = certificates.keyManager().chooseServerAlias("EC", null, null);
    X509Certificate[] before = shown(certificates);

    copy(ofOther.key(), "key.pem");
    copy(ofOther.certificate(), "host.pem");
    copy(other.certificate(), "authority.pem");
    assertThat(certificates.reread()).isTrue();

    assertThat(shown(certificates)).isEqualTo(strange);
    certificates.trustManager(ANY).checkClientTrusted(strange, "UNKNOWN");
    assertThatThrownBy(() -> certificates.trustManager(ANY).checkClientTrusted(before, "UNKNOWN"))
        .isInstanceOf(CertificateException.class);
    // A handshake that had chosen before goes on with what it had chosen.
    assertThat(certificates.keyManager().getCertificateChain(under)).isEqualTo(before);
    assertThat(certificates.keyManager().getPrivateKey(under)).isNotNull();
  }
}
