package io.aliecs.relay.reconcile;

import io.aliecs.relay.settings.Requirement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How AliECS's core is asked which environments exist.
 *
 * @param core its gRPC interface as {@code host:port}; empty: it is not asked
 * @param tls whether that interface is behind TLS
 * @param authority PEM file with the authorities that may sign its certificate; empty: those that
 *     Java knows
 * @param interval how often it is asked, besides after what makes it worth while
 */
public record ReconcileOptions(String core, boolean tls, String authority, Duration interval) {
  private static final String SETTING = "aliecs.core";
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\s:/\\[\\]]+):([0-9]{1,5})");

  /** How often it is asked by default. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofMinutes(1);

  public ReconcileOptions {
    Requirement.that(
        interval.compareTo(Duration.ofSeconds(1)) >= 0
            && interval.compareTo(Duration.ofHours(1)) <= 0,
        "aliecs.core-interval",
        interval.toMillis() + " ms",
        "1000 ms to 3600000 ms");
    Requirement.that(
        core.isEmpty() || ADDRESS.matcher(core).matches(),
        SETTING,
        '"' + core + '"',
        "host:port, for example 10.0.0.1:32102");
    if (!core.isEmpty()) {
      int port = part(core).port();
      Requirement.that(port >= 1 && port <= 65_535, SETTING, port, "a port, 1 to 65535");
    }
  }

  /** Whether it is asked at all. */
  public boolean enabled() {
    return !core.isEmpty();
  }

  /** Host of the core, without the brackets of an IPv6 address. */
  public String host() {
    String host = part(core).host();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Port of the core. */
  public int port() {
    return part(core).port();
  }

  private record Part(String host, int port) {}

  private static Part part(String address) {
    Matcher found = ADDRESS.matcher(address);
    if (!found.matches()) {
      throw new IllegalStateException("no core (expected: only when enabled)");
    }
    return new Part(found.group(1), Integer.parseInt(found.group(2)));
  }
}
