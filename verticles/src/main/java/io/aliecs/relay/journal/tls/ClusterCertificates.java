package io.aliecs.relay.journal.tls;

import io.aliecs.relay.journal.peers.KnownHosts;
import io.aliecs.relay.settings.Requirement;
import io.aliecs.relay.text.Causes;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.ratis.thirdparty.io.grpc.util.AdvancedTlsX509KeyManager;
import org.apache.ratis.thirdparty.io.grpc.util.CertificateUtils;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What control hosts authenticate each other with: a certificate, its key, and the authorities
 * whose certificates are trusted, in PEM files that may be replaced at any time.
 *
 * <p>The two managers are for the journal; each new connection is made with what was read last and
 * found good. Connections that exist stay. Thread safe; reading blocks.
 */
public final class ClusterCertificates {
  private static final Logger LOG = LoggerFactory.getLogger(ClusterCertificates.class);

  /** Stands for every way to exchange keys, in Java's own terms. */
  private static final String ANY_EXCHANGE = "UNKNOWN";

  private final Path certificateFile;
  private final Path keyFile;
  private final Path authorityFile;
  private final AdvancedTlsX509KeyManager keyManager = new AdvancedTlsX509KeyManager();

  private volatile Identity current;
  private volatile @Nullable String problem;

  private ClusterCertificates(Path certificateFile, Path keyFile, Path authorityFile) {
    this.certificateFile = certificateFile;
    this.keyFile = keyFile;
    this.authorityFile = authorityFile;
    current = parse(load());
    show(current);
  }

  /**
   * Reads the files for the first time.
   *
   * @param certificate of this host for the address that the others know it by, and those between
   *     it and the authority
   * @param key private key of the certificate, PKCS #8, not encrypted
   * @param authority certificates of the authorities that sign those of all hosts, and nothing else
   * @throws IllegalArgumentException naming the setting, the file, what was found and expected
   */
  public static ClusterCertificates read(Path certificate, Path key, Path authority) {
    return new ClusterCertificates(certificate, key, authority);
  }

  /**
   * Reads the files again. What is not good is logged once, and the last good ones stay in force.
   *
   * @return whether others are in force now
   */
  public synchronized boolean reread() {
    try {
      PemContent found = load();
      if (found.equals(current.content())) {
        problem = null;
        return false;
      }
      Identity read = parse(found);
      current = read;
      show(read);
      problem = null;
      LOG.info(
          "other certificates are in force: {}, valid until {}, signed by {}",
          read.certificate().getSubjectX500Principal(),
          read.certificate().getNotAfter().toInstant(),
          read.certificate().getIssuerX500Principal());
      return true;
    } catch (IllegalArgumentException e) {
      String found = String.valueOf(e.getMessage());
      if (!found.equals(problem)) {
        LOG.warn("{}; the certificates that were read last stay in force", found);
      }
      problem = found;
      return false;
    }
  }

  /** Why the files as they are now are not in force; empty when they are. */
  public Optional<String> problem() {
    return Optional.ofNullable(problem);
  }

  /** When the certificate of this host expires. */
  public Instant expiry() {
    return current.certificate().getNotAfter().toInstant();
  }

  /** Shows the certificate of this host; for clients and servers. */
  public X509ExtendedKeyManager keyManager() {
    return keyManager;
  }

  /**
   * Trusts what the authorities have signed, of these hosts only the one that is meant, and logs
   * what it refuses.
   */
  public X509ExtendedTrustManager trustManager(KnownHosts servers) {
    return new CurrentTrustManager(this, servers);
  }

  Identity current() {
    return current;
  }

  private void show(Identity read) {
    keyManager.updateIdentityCredentials(read.chainArray(), read.key());
  }

  private PemContent load() {
    return new PemContent(
        load("cluster.tls.certificate", certificateFile),
        load("cluster.tls.key", keyFile),
        load("cluster.tls.authority", authorityFile));
  }

  private static Buffer load(String setting, Path file) {
    try {
      return Buffer.buffer(Files.readAllBytes(file));
    } catch (IOException e) {
      throw refused(setting, file, "cannot be read, " + e, "a file that can be read");
    }
  }

  private Identity parse(PemContent content) {
    List<X509Certificate> chain =
        certificates("cluster.tls.certificate", certificateFile, content.certificate());
    List<X509Certificate> authorities =
        certificates("cluster.tls.authority", authorityFile, content.authority());
    PrivateKey key = key(content.key(), chain.get(0));
    try {
      Identity read = new Identity(key, chain, Identity.trustIn(authorities), content);
      requireTrusted(read);
      return read;
    } catch (IOException | GeneralSecurityException e) {
      throw refused("cluster.tls.authority", authorityFile, e.toString(), "certificates");
    }
  }

  private static List<X509Certificate> certificates(String setting, Path file, Buffer content) {
    try {
      List<X509Certificate> found = List.of(CertificateUtils.getX509Certificates(stream(content)));
      if (!found.isEmpty()) {
        return found;
      }
    } catch (CertificateException e) {
      throw refused(setting, file, e.getMessage(), "certificates in PEM");
    }
    throw refused(setting, file, "no certificate in it", "certificates in PEM");
  }

  private PrivateKey key(Buffer content, X509Certificate certificate) {
    try {
      PrivateKey key = CertificateUtils.getPrivateKey(stream(content));
      if (Identity.belongTogether(key, certificate.getPublicKey())) {
        return key;
      }
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw refused(
          "cluster.tls.key", keyFile, e.getMessage(), "a private key in PEM, PKCS #8, unencrypted");
    }
    throw refused("cluster.tls.key", keyFile, "another key", "the one of " + certificateFile);
  }

  private static InputStream stream(Buffer content) {
    return new ByteArrayInputStream(content.getBytes());
  }

  /** What no other host would take is refused here, where a person looks for the reason. */
  private void requireTrusted(Identity read) {
    try {
      read.trust().checkClientTrusted(read.chainArray(), ANY_EXCHANGE);
      read.trust().checkServerTrusted(read.chainArray(), ANY_EXCHANGE);
    } catch (CertificateException e) {
      throw refused(
          "cluster.tls.certificate",
          certificateFile,
          Causes.root(e).getMessage(),
          "one that is valid now, for servers and clients, signed by one in " + authorityFile);
    }
  }

  private static IllegalArgumentException refused(
      String setting, Path file, @Nullable String found, String expected) {
    return Requirement.unmet(setting + ": " + file, String.valueOf(found), expected);
  }
}
