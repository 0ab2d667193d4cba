package io.aliecs.relay.journal.tls;

import java.security.cert.X509Certificate;
import java.util.Optional;

/** Whose certificate a server has to show, beyond one for its address. Thread safe. */
@FunctionalInterface
public interface ServerNames {
  /**
   * Why a server is not the one that is meant; empty when it is.
   *
   * @param host to which the connection was made, as it was named
   * @param port likewise
   * @param certificate that the server shows, signed by an authority that is in force
   */
  Optional<String> refusal(String host, int port, X509Certificate certificate);
}
