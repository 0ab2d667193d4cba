package io.aliecs.relay.consul;

import io.aliecs.relay.text.Quoted;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The ACL token, from a file that is read anew for every request, or from the options. */
final class ConsulToken {

  private static final int LARGEST_FILE = 4096;

  private final Vertx vertx;
  private final Optional<String> fixed;
  private final Optional<Path> file;

  ConsulToken(Vertx vertx, ConsulOptions options) {
    this.vertx = vertx;
    this.fixed = options.token();
    this.file = options.tokenFile();
  }

  /** The token of this moment; reads files on a worker thread. */
  Future<Optional<String>> current() {
    if (file.isEmpty()) {
      return Future.succeededFuture(fixed);
    }
    Path path = file.get();
    return vertx.executeBlocking(() -> Optional.of(read(path)), false);
  }

  private static String read(Path path) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(LARGEST_FILE + 1);
    } catch (IOException e) {
      throw unusable(path, "it unreadable, " + Quoted.plain(e.toString()));
    }
    if (bytes.length > LARGEST_FILE) {
      throw unusable(path, "more than " + LARGEST_FILE + " bytes");
    }
    String token = new String(bytes, StandardCharsets.UTF_8).strip();
    if (token.isEmpty()) {
      throw unusable(path, "it empty");
    }
    if (token.chars().anyMatch(c -> c <= ' ' || c > '~')) {
      throw unusable(path, "blanks or control characters in it");
    }
    return token;
  }

  private static ConsulException unusable(Path path, String found) {
    return new ConsulException(
        ConsulException.Reason.TOKEN_FILE,
        "token file " + path + ": found " + found + " (expected: one Consul ACL SecretID)");
  }
}
