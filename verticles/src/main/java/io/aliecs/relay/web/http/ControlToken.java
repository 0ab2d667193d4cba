package io.aliecs.relay.web.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The token that whoever changes something over HTTP must show: {@code Authorization: Bearer …}.
 * Its file is read for each request, so that a new token needs no restart.
 */
public final class ControlToken {
  private static final String SCHEME = "Bearer ";

  private final Vertx vertx;
  private final String file;

  /**
   * A token.
   *
   * @param file the file that holds it; empty: nothing can be changed over HTTP
   */
  public ControlToken(Vertx vertx, String file) {
    this.vertx = vertx;
    this.file = file;
  }

  /** Why the request may not change anything; empty when it may. */
  public Future<Optional<Problem>> check(HttpServerRequest request) {
    if (file.isEmpty()) {
      return Future.succeededFuture(
          Optional.of(
              new Problem(
                  403,
                  "no token is set (expected: http.token-file in the settings of this host)")));
    }
    String shown = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (shown == null || !shown.startsWith(SCHEME)) {
      return Future.succeededFuture(
          Optional.of(new Problem(401, "no token (expected: Authorization: Bearer …)")));
    }
    return vertx
        .fileSystem()
        .readFile(file)
        .map(
            content -> {
              byte[] expected = content.toString().strip().getBytes(StandardCharsets.UTF_8);
              byte[] found =
                  shown.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8);
              return expected.length > 0 && MessageDigest.isEqual(expected, found)
                  ? Optional.<Problem>empty()
                  : Optional.of(
                      new Problem(403, "another token (expected: that of http.token-file)"));
            });
  }
}
