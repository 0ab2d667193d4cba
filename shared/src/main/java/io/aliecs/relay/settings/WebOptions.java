package io.aliecs.relay.settings;

/**
 * Where the relay listens for HTTP. Immutable.
 *
 * @param host name or address that the API binds to, an IPv6 address without brackets
 * @param port port of the API, 0 to 65535; 0 takes any free one
 * @param managementHost name or address that health and metrics bind to
 * @param managementPort port of health and metrics, 0 to 65535; 0 takes any free one
 * @param tokenFile file with the token that changes over HTTP need; empty: none can be made
 */
public record WebOptions(
    String host, int port, String managementHost, int managementPort, String tokenFile) {

  /** Reachable from this host only. */
  public static final String DEFAULT_HOST = "127.0.0.1";

  /** Port of the API unless told otherwise. */
  public static final int DEFAULT_PORT = 8080;

  /** Port of health and metrics unless told otherwise. */
  public static final int DEFAULT_MANAGEMENT_PORT = 8081;

  /** What is in force when nothing is set. */
  public static final WebOptions DEFAULTS =
      new WebOptions(DEFAULT_HOST, DEFAULT_PORT, DEFAULT_HOST, DEFAULT_MANAGEMENT_PORT);

  /** Where nothing can be changed over HTTP. */
  public WebOptions(String host, int port, String managementHost, int managementPort) {
    this(host, port, managementHost, managementPort, "");
  }

  private static final int MAX_PORT = 65_535;

  public WebOptions {
    requireHost("http.host", host);
    requirePort("http.port", port);
    requireHost("management.host", managementHost);
    requirePort("management.port", managementPort);
    if (port != 0 && port == managementPort && host.equals(managementHost)) {
      throw new IllegalArgumentException(
          "management.port: " + managementPort + " (expected: another port than http.port)");
    }
  }

  private static void requireHost(String name, String host) {
    if (host.isEmpty() || host.chars().anyMatch(c -> c <= ' ' || c == '[' || c == ']')) {
      throw new IllegalArgumentException(
          name + ": \"" + host + "\" (expected: a host name or address, without brackets)");
    }
  }

  private static void requirePort(String name, int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          name + ": " + port + " (expected: 1 to " + MAX_PORT + ", or 0 for any free port)");
    }
  }
}
