package io.aliecs.relay.web.server;

import io.aliecs.relay.web.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns away what a page of a stranger has a browser ask: requests to a name that is not ours (a
 * name of theirs that leads here: DNS rebinding), and posts from a page that is not ours. Addresses
 * in digits are no names, and cannot be bound anew. Immutable.
 */
public final class RequestGuard {
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+(%[^]]*)?]");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final Set<String> names;
  private final List<String> origins;

  private RequestGuard(Set<String> names, List<String> origins) {
    this.names = Set.copyOf(names);
    this.origins = List.copyOf(origins);
  }

  /**
   * A guard of one listener; may block while this machine's own name is looked up.
   *
   * @param host what it listens on
   * @param more names in lower case
   * @param origins whose pages may post besides its own
   */
  public static RequestGuard of(String host, List<String> more, List<String> origins) {
    Set<String> names = new HashSet<>(more);
    names.add("localhost");
    names.add(host.toLowerCase(Locale.ROOT));
    try {
      InetAddress own = InetAddress.getLocalHost();
      names.add(own.getHostName().toLowerCase(Locale.ROOT));
      names.add(own.getCanonicalHostName().toLowerCase(Locale.ROOT));
    } catch (UnknownHostException e) {
      // then it has no name that others could use
    }
    return new RequestGuard(names, origins);
  }

  /** Why a request is turned away, or null. */
  @Nullable Problem refusal(HttpServerRequest request) {
    String host = request.getHeader(HttpHeaders.HOST);
    if (host == null) {
      return request.version() == HttpVersion.HTTP_1_0
          ? null
          : new Problem(400, "Host: none (expected: the name or address of this host)");
    }
    int hosts = request.headers().getAll(HttpHeaders.HOST).size();
    if (hosts > 1) { // a proxy may have looked at another one
      return new Problem(400, "Host: " + hosts + " of them (expected: one)");
    }
    if (request.authority() == null) { // what Vert.x cannot parse would fail later
      return new Problem(
          400,
          "Host: " + Problem.shown(host) + " (expected: a name or address, and a port if any)");
    }
    if (!isOurs(host)) {
      return new Problem(
          421, "Host: " + Problem.shown(host) + " (expected: a name of this host; see http.names)");
    }
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    if (READING.contains(request.method()) || origin == null || isAllowed(origin, host)) {
      return null;
    }
    return new Problem(
        403,
        "origin: "
            + Problem.shown(origin)
            + " (expected: that of this host, or http.cors-origins)");
  }

  private boolean isOurs(String host) {
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    return names.contains(name) || ADDRESS.matcher(name).matches();
  }

  private boolean isAllowed(String origin, String host) {
    int scheme = origin.indexOf("://");
    return origins.contains(origin)
        || (scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host));
  }
}
