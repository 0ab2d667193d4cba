package io.aliecs.relay.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/** Authorities that somebody names for one connection. */
public final class Authorities {
  private Authorities() {}

  /**
   * What trusts the authorities in a file, and nobody else.
   *
   * @param file certificates in PEM
   * @throws IllegalArgumentException naming the file, what was found and expected
   */
  public static SSLContext trusting(Path file) {
    try {
      TrustManager trust = Identity.trustIn(Pem.certificates(Files.readAllBytes(file)));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {trust}, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(file + ": " + e + " (expected: certificates in PEM)", e);
    }
  }
}
