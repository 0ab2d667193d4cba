package io.aliecs.relay.web.http;

import io.aliecs.relay.retry.RateLimitedLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token that a request must carry to change something: {@code Authorization: Bearer …}. Its
 * file is read for each request, so that a new token needs no restart. It is accepted over TLS and
 * on loopback alone: elsewhere an eavesdropper would have it.
 */
public final class ControlToken {
  /** Fewer characters than these can be guessed. */
  public static final int SHORTEST = 16;

  private static final String SCHEME = "Bearer ";
  private static final Set<PosixFilePermission> OF_OTHERS =
      Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

  private static final Logger LOG = LoggerFactory.getLogger(ControlToken.class);

  private final RateLimitedLog log = new RateLimitedLog(LOG, System::nanoTime);
  private final Vertx vertx;
  private final String file;
  private final TokenGuesses guesses;

  /**
   * @param file the file that holds it; empty: nothing can be changed over HTTP
   */
  public ControlToken(Vertx vertx, String file, TokenGuesses guesses) {
    this.vertx = vertx;
    this.file = file;
    this.guesses = guesses;
  }

  /** Why the request may not change anything; empty when it may. */
  Future<Optional<Problem>> check(HttpServerRequest request) {
    if (file.isEmpty()) {
      return refused(
          403, "no token is set (expected: http.token-file in the settings of this host)");
    }
    String shown = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (shown == null || !shown.startsWith(SCHEME)) {
      return refused(401, "no token (expected: Authorization: Bearer …)");
    }
    if (!request.isSSL() && !IpAddress.of(request.localAddress()).isLoopback()) {
      return refused(
          403, "a token without TLS (expected: https, see http.tls.certificate, or loopback)");
    }
    String address = IpAddress.of(request.remoteAddress()).digits();
    if (!guesses.begin(address)) {
      request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
      return refused(429, "too many wrong tokens (expected: that of http.token-file; wait)");
    }
    return vertx
        .executeBlocking(() -> read(Path.of(file)), false)
        .compose(expected -> compare(expected, shown.substring(SCHEME.length()), request, address))
        .recover(this::unusable)
        .onComplete(answered -> guesses.end(address));
  }

  private Future<Optional<Problem>> compare(
      String expected, String found, HttpServerRequest request, String address) {
    if (MessageDigest.isEqual(
        expected.getBytes(StandardCharsets.UTF_8),
        found.strip().getBytes(StandardCharsets.UTF_8))) {
      return Future.succeededFuture(Optional.empty());
    }
    return guesses
        .wrong(address, String.valueOf(request.path()))
        .compose(late -> refused(403, "another token (expected: that of http.token-file)"));
  }

  private Future<Optional<Problem>> unusable(Throwable failure) {
    if (!(failure instanceof IOException)) {
      return Future.failedFuture(failure);
    }
    log.warn(() -> "No change over HTTP until the token's file is right: " + failure);
    return refused(403, "the token of this host cannot be used (expected: see its log)");
  }

  /**
   * The token in a file.
   *
   * @throws IOException saying what is wrong with the file, and nothing of what is in it
   */
  public static String read(Path file) throws IOException {
    String setting = "http.token-file: " + file;
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
      throw new IOException(setting + " can be read by others (expected: chmod o-rw)");
    }
    String token = Files.readString(file).strip();
    if (token.length() < SHORTEST) {
      throw new IOException(
          setting + " holds fewer characters than may be (expected: " + SHORTEST + " or more)");
    }
    return token;
  }

  private static Future<Optional<Problem>> refused(int status, String detail) {
    return Future.succeededFuture(Optional.of(new Problem(status, detail)));
  }
}
