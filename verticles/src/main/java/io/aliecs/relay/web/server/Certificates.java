package io.aliecs.relay.web.server;

import io.aliecs.relay.web.WebSecurity.PemFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Certificate and key of a server, from PEM files that are read again when they change. What cannot
 * be used is logged, and the last good ones stay. For one event loop.
 */
final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
  private static final long LOOK_MS = 2_000;

  private final Vertx vertx;
  private final PemFiles files;
  private Content inForce;
  private @Nullable Content refused;
  private long timer = -1;

  /** What is in the two files. */
  private record Content(Buffer certificate, Buffer key) {
    static Content of(PemFiles files) throws IOException {
      return new Content(
          Buffer.buffer(Files.readAllBytes(files.certificate())),
          Buffer.buffer(Files.readAllBytes(files.key())));
    }

    PemKeyCertOptions options() {
      return new PemKeyCertOptions().setCertValue(certificate).setKeyValue(key);
    }
  }

  private Certificates(Vertx vertx, PemFiles files, Content inForce) {
    this.vertx = vertx;
    this.files = files;
    this.inForce = inForce;
  }

  /** Reads the files, off the event loop; fails with one line when that cannot be done. */
  static Future<Certificates> read(Vertx vertx, String name, PemFiles files) {
    return vertx
        .executeBlocking(() -> Content.of(files))
        .map(content -> new Certificates(vertx, files, content))
        .recover(
            failure ->
                Future.failedFuture(
                    new IllegalStateException(
                        name + ".tls: " + failure + " (expected: PEM files that can be read)",
                        failure)));
  }

  PemKeyCertOptions options() {
    return inForce.options();
  }

  /** Keeps a server up to date until {@link #forget}. */
  void follow(HttpServer server) {
    timer = vertx.setPeriodic(LOOK_MS, turn -> look(server));
  }

  void forget() {
    vertx.cancelTimer(timer);
  }

  private void look(HttpServer server) {
    vertx
        .executeBlocking(() -> Content.of(files))
        .onSuccess(
            content -> {
              if (!content.equals(inForce) && !Objects.equals(content, refused)) {
                take(server, content);
              }
            })
        .onFailure(failure -> LOG.debug("Certificate not read: {}", failure.toString()));
  }

  private void take(HttpServer server, Content content) {
    refused = content; // until it is in force
    server
        .updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(content.options()))
        .onSuccess(
            taken -> {
              inForce = content;
              LOG.info("The certificate {} is in force", files.certificate());
            })
        .onFailure(
            failure ->
                LOG.warn(
                    "The certificate {} is not taken, the last one stays until the files are right: {}",
                    files.certificate(),
                    failure.toString()));
  }
}
