package io.aliecs.relay.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Makes certificates for tests with the JDK's {@code keytool}: valid ones and expired ones. */
public final class CertificateAuthority {
  private static final String ALIAS = "authority";

  private final Path folder;
  private final String password;
  private final Path own;
  private final Path trustStore;

  /**
   * A new authority.
   *
   * @param folder of its files, made when missing
   * @param password of all stores, 6 characters or more
   */
  public CertificateAuthority(Path folder, String password) {
    this.folder = folder;
    this.password = password;
    this.own = folder.resolve("authority.p12");
    this.trustStore = folder.resolve("trust.p12");
    try {
      Files.createDirectories(folder);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    keytool(
        own,
        "-genkeypair",
        "-alias",
        ALIAS,
        "-keyalg",
        "EC",
        "-dname",
        "CN=authority",
        "-ext",
        "bc:c",
        "-validity",
        "10");
    Path certificate = folder.resolve("authority.pem");
    keytool(own, "-exportcert", "-rfc", "-alias", ALIAS, "-file", certificate.toString());
    keytool(
        trustStore, "-importcert", "-noprompt", "-alias", ALIAS, "-file", certificate.toString());
  }

  /** A PKCS12 store with the authority's certificate. */
  public Path trustStore() {
    return trustStore;
  }

  /**
   * A PKCS12 store with a key and its certificate for {@code CN=name} at 127.0.0.1.
   *
   * @param expired whether it ended yesterday
   */
  public Path issue(String name, boolean expired) {
    Path store = folder.resolve(name + (expired ? "-expired" : "") + ".p12");
    try {
      Files.copy(own, store, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    keytool(
        store,
        "-genkeypair",
        "-alias",
        name,
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-signer",
        ALIAS,
        "-ext",
        "san=ip:127.0.0.1,dns:localhost",
        "-startdate",
        expired ? "-3d" : "-1d",
        "-validity",
        expired ? "2" : "10");
    keytool(store, "-delete", "-alias", ALIAS);
    return store;
  }

  /** The authority's certificate (PEM). */
  public Path certificate() {
    return folder.resolve("authority.pem");
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
    Path store = issue(name, expired);
    PemFiles files = new PemFiles(folder.resolve(name + ".pem"), folder.resolve(name + "-key.pem"));
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore opened = KeyStore.getInstance("PKCS12");
      opened.load(in, password.toCharArray());
      write(files.certificate(), "CERTIFICATE", opened.getCertificate(name).getEncoded());
      write(files.key(), "PRIVATE KEY", opened.getKey(name, password.toCharArray()).getEncoded());
      return files;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (GeneralSecurityException failed) {
      throw new IllegalStateException(store + ": " + failed.getMessage(), failed);
    }
  }

  private static void write(Path file, String what, byte[] encoded) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n");
  }

  private void keytool(Path store, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", password));
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException("keytool " + arguments[0] + ": " + code + ": " + printed);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keytool ran", interrupted);
    }
  }
}
