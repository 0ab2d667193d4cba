package io.aliecs.relay.testkit;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;

/** Makes certificates for tests: valid ones and expired ones, with keys on the curve P-256. */
public final class CertificateAuthority {
  private static final String ALIAS = "authority";
  private static final Duration DAY = Duration.ofDays(1);

  private final Path folder;
  private final char[] password;
  private final X509Bundle own;

  /**
   * A new authority.
   *
   * @param folder of its files, made when missing
   * @param password of all stores
   */
  public CertificateAuthority(Path folder, String password) {
    this.folder = folder;
    this.password = password.toCharArray();
    this.own =
        made(
            () -> {
              Files.createDirectories(folder);
              X509Bundle made =
                  lasting(10)
                      .subject("CN=" + ALIAS)
                      .setIsCertificateAuthority(true)
                      .buildSelfSigned();
              Files.writeString(certificate(), made.getCertificatePEM());
              KeyStore trusted = emptyStore();
              trusted.setCertificateEntry(ALIAS, made.getCertificate());
              save(trusted, trustStore());
              return made;
            });
  }

  /** A PKCS12 store with the authority's certificate. */
  public Path trustStore() {
    return folder.resolve("trust.p12");
  }

  /** The authority's certificate (PEM). */
  public Path certificate() {
    return folder.resolve("authority.pem");
  }

  /**
   * A PKCS12 store with a key and its certificate for {@code CN=name} at 127.0.0.1.
   *
   * @param expired whether it ended yesterday
   */
  public Path issue(String name, boolean expired) {
    Path file = folder.resolve(name + (expired ? "-expired" : "") + ".p12");
    return made(
        () -> {
          X509Bundle issued = leaf(name, expired);
          KeyStore store = emptyStore();
          store.setKeyEntry(
              name,
              issued.getKeyPair().getPrivate(),
              password,
              new Certificate[] {issued.getCertificate(), own.getCertificate()});
          save(store, file);
          return file;
        });
  }

  /**
   * A certificate and its key in files of their own (PEM).
   *
   * @param certificate for {@code CN=name} at 127.0.0.1
   * @param key PKCS #8, not encrypted
   */
  public record PemFiles(Path certificate, Path key) {}

  /** Like {@link #issue}, as PEM files. */
  public PemFiles issuePem(String name, boolean expired) {
    PemFiles files = new PemFiles(folder.resolve(name + ".pem"), folder.resolve(name + "-key.pem"));
    return made(
        () -> {
          X509Bundle issued = leaf(name, expired);
          Files.writeString(files.certificate(), issued.getCertificatePEM());
          Files.writeString(files.key(), issued.getPrivateKeyPEM());
          return files;
        });
  }

  private X509Bundle leaf(String name, boolean expired) throws Exception {
    return lasting(expired ? -1 : 10)
        .subject("CN=" + name)
        .addSanIpAddress("127.0.0.1")
        .addSanDnsName("localhost")
        .buildIssuedBy(own);
  }

  private static CertificateBuilder lasting(int days) {
    Instant now = Instant.now();
    return new CertificateBuilder()
        .ecp256()
        .notBefore(now.minus(DAY.multipliedBy(3)))
        .notAfter(now.plus(DAY.multipliedBy(days)));
  }

  private static KeyStore emptyStore() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private void save(KeyStore store, Path file) throws Exception {
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }
  }

  /** What may fail while a certificate is made. */
  private interface Making<T> {
    T run() throws Exception;
  }

  private static <T> T made(Making<T> making) {
    try {
      return making.run();
    } catch (Exception failed) {
      throw new IllegalStateException("cannot make a certificate: " + failed, failed);
    }
  }
}
