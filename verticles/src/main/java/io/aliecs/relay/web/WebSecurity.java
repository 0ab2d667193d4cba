package io.aliecs.relay.web;

import io.aliecs.relay.settings.Requirement;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What keeps strangers from the HTTP interface. Immutable.
 *
 * @param http certificate and key of the API's listener; empty: plain HTTP
 * @param management those of the listener of health and metrics; empty: plain HTTP
 * @param names what this host may be called in a request besides its addresses, its own name and
 *     that of the listener, in lower case
 * @param maxConnections connections to the API at once, 1 or more; open files may allow fewer
 * @param maxConnectionsPerAddress those of one address that is not loopback, 1 or more
 */
public record WebSecurity(
    Optional<PemFiles> http,
    Optional<PemFiles> management,
    List<String> names,
    int maxConnections,
    int maxConnectionsPerAddress) {

  /** What is in force when nothing is set. */
  public static final WebSecurity DEFAULTS =
      new WebSecurity(Optional.empty(), Optional.empty(), List.of(), 12_000, 1_000);

  public WebSecurity {
    names = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    Requirement.that(
        maxConnections > 0, "http.max-connections", Integer.toString(maxConnections), "1 or more");
    Requirement.that(
        maxConnectionsPerAddress > 0,
        "http.max-connections-per-address",
        Integer.toString(maxConnectionsPerAddress),
        "1 or more");
  }

  /** A certificate and its key, in PEM files that may be replaced at any time. */
  public record PemFiles(Path certificate, Path key) {}

  /**
   * The files of two settings.
   *
   * @param prefix what the two begin with, for example {@code http.tls}
   * @throws IllegalArgumentException when only one is set
   */
  public static Optional<PemFiles> files(String prefix, String certificate, String key) {
    Requirement.that(
        certificate.isEmpty() == key.isEmpty(),
        prefix + (key.isEmpty() ? ".key" : ".certificate"),
        "not set",
        "both or none of " + prefix + ".certificate and " + prefix + ".key");
    return certificate.isEmpty()
        ? Optional.empty()
        : Optional.of(new PemFiles(Path.of(certificate), Path.of(key)));
  }
}
