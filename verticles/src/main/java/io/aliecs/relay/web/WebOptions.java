package io.aliecs.relay.web;

import io.aliecs.relay.settings.Requirement;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the relay listens for HTTP. Immutable.
 *
 * @param host name or address that the API binds to, an IPv6 address without brackets
 * @param port port of the API, 0 to 65535; 0 takes any free one
 * @param managementHost name or address that health and metrics bind to
 * @param managementPort port of health and metrics, 0 to 65535; 0 takes any free one
 * @param tokenFile file with the token that changes over HTTP need; empty: none can be made
 * @param origins whose pages may read it in a browser, besides its own; such as {@code
 *     https://wall.example}
 * @param security what keeps strangers out
 */
public record WebOptions(
    String host,
    int port,
    String managementHost,
    int managementPort,
    String tokenFile,
    List<String> origins,
    WebSecurity security) {

  /** Where nothing can be changed over HTTP. */
  public WebOptions(String host, int port, String managementHost, int managementPort) {
    this(host, port, managementHost, managementPort, "", List.of(), WebSecurity.DEFAULTS);
  }

  private static final Pattern ORIGIN =
      Pattern.compile("https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?");
  private static final int MAX_PORT = 65_535;

  public WebOptions {
    origins = List.copyOf(origins);
    origins.forEach(WebOptions::requireOrigin);
    requireHost("http.host", host);
    requirePort("http.port", port);
    requireHost("management.host", managementHost);
    requirePort("management.port", managementPort);
    Requirement.that(
        port == 0 || port != managementPort || !host.equals(managementHost),
        "management.port",
        managementPort,
        "another port than http.port");
  }

  /** How health and metrics are asked for: {@code http} or {@code https}. */
  public String managementScheme() {
    return security.management().isPresent() ? "https" : "http";
  }

  /** What is in a list with commas between. */
  public static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static void requireOrigin(String origin) {
    Requirement.that(
        ORIGIN.matcher(origin).matches(),
        "http.cors-origins",
        '"' + origin + '"',
        "scheme, host and port alone, such as https://wall.example:8443");
  }

  private static void requireHost(String name, String host) {
    Requirement.that(
        !host.isEmpty() && host.chars().noneMatch(c -> c <= ' ' || c == '[' || c == ']'),
        name,
        '"' + host + '"',
        "a host name or address, without brackets");
  }

  private static void requirePort(String name, int port) {
    Requirement.that(
        port >= 0 && port <= MAX_PORT, name, port, "1 to " + MAX_PORT + ", or 0 for any free port");
  }
}
