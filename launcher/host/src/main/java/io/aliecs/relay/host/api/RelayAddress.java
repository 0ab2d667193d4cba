package io.aliecs.relay.host.api;

import java.io.IOException;
import java.net.URI;

/** Where the HTTP interface of a relay is, as somebody has typed it. Immutable. */
public final class RelayAddress {
  private final String base;

  /**
   * An address that is looked at when it is used.
   *
   * @param base for example {@code http://127.0.0.1:8080}
   */
  public RelayAddress(String base) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  /**
   * The address of something there.
   *
   * @param path begins with a slash
   * @throws IllegalArgumentException when no such address can be meant
   */
  public URI uri(String path) {
    try {
      URI uri = URI.create(base + path);
      if ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // the same as another scheme
    }
    throw new IllegalArgumentException(
        "--url: \"" + base + "\" (expected: such as http://127.0.0.1:8080)");
  }

  /** What to say when nothing answers there. */
  public IOException unreachable(Exception cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new IOException(
        base + ": " + why + " (expected: the HTTP interface of a relay, see --url)", cause);
  }

  /** What to say when something else answers there. */
  public IOException stranger(int status, Exception cause) {
    return new IOException(
        base + ": " + status + ", no JSON (expected: a relay, see --url)", cause);
  }

  /** What to say when the relay there will not. */
  public IOException refusal(int status, String detail) {
    return new IOException(
        detail.isEmpty() ? base + ": " + status + " (expected: a relay, see --url)" : detail);
  }
}
