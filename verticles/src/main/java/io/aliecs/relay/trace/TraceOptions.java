package io.aliecs.relay.trace;

import io.aliecs.relay.settings.Requirement;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where traces go.
 *
 * @param endpoint URL that takes OTLP over HTTP, empty for none: then none are made
 * @param hostId names this host in them
 * @param version of the relay, as it was built
 */
public record TraceOptions(String endpoint, String hostId, String version) {
  public TraceOptions {
    Requirement.that(
        endpoint.isEmpty() || isHttp(endpoint),
        "trace.endpoint",
        "\"" + endpoint + "\"",
        "a URL such as http://127.0.0.1:4318/v1/traces");
  }

  /** Whether there are any. */
  public boolean enabled() {
    return !endpoint.isEmpty();
  }

  private static boolean isHttp(String endpoint) {
    try {
      URI uri = new URI(endpoint);
      return uri.getHost() != null
          && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
