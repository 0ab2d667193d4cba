package io.aliecs.relay.consul;

import io.aliecs.relay.text.Quoted;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.consul.ConsulClient;
import io.vertx.ext.consul.ConsulClientOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The agents that may be asked, and which of them is asked now: the one that answered last; a
 * failure of it moves on to the next. Shared by everything that asks from one Vert.x context.
 */
public final class ConsulAgents {

  private static final int CONNECT_MILLIS = 2_000;

  private final Vertx vertx;
  private final ConsulOptions options;
  private int preferred;

  /** Agents of which none has been asked yet. */
  public ConsulAgents(Vertx vertx, ConsulOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /** A way to ask them that shares no connection with any other. */
  public ConsulAccess access() {
    return new ConsulAccess(this);
  }

  Vertx vertx() {
    return vertx;
  }

  /** The ACL token of this moment: a file is read anew each time, on a worker thread. */
  Future<Optional<String>> token() {
    return options
        .tokenFile()
        .map(file -> vertx.executeBlocking(() -> Optional.of(read(file)), false))
        .orElse(Future.succeededFuture(options.token()));
  }

  private static String read(Path file) {
    String token;
    try {
      token = Files.readString(file).strip();
    } catch (IOException e) {
      throw unusable(file, "it unreadable, " + Quoted.plain(e.toString()));
    }
    if (token.isEmpty()) {
      throw unusable(file, "it empty");
    }
    if (!ConsulOptions.isToken(token)) {
      throw unusable(file, "blanks or control characters in it");
    }
    return token;
  }

  private static ConsulException unusable(Path file, String found) {
    return new ConsulException(
        ConsulException.Reason.TOKEN_FILE,
        "token file " + file + ": found " + found + " (expected: one Consul ACL SecretID)");
  }

  ConsulOptions.Address preferred() {
    return options.addresses().get(preferred);
  }

  /** An agent has failed; that others have noticed it already changes nothing. */
  void moveOn(ConsulOptions.Address failed) {
    if (failed.equals(preferred())) {
      preferred = (preferred + 1) % options.addresses().size();
    }
  }

  /** The library's client of an agent. Address, token and TLS are fixed in it. */
  ConsulClient client(ConsulOptions.Address address, Optional<String> secret) {
    ConsulClientOptions client =
        new ConsulClientOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setSsl(address.tls())
            .setConnectTimeout(CONNECT_MILLIS)
            .setTcpKeepAlive(true);
    client.setFollowRedirects(false);
    secret.ifPresent(client::setAclToken);
    options.datacenter().ifPresent(client::setDc);
    options
        .caCert()
        .ifPresent(ca -> client.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString())));
    options
        .clientCert()
        .ifPresent(
            cert ->
                client.setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertPath(cert.toString())
                        .addKeyPath(options.clientKey().orElseThrow().toString())));
    return ConsulClient.create(new BoundedAnswers(vertx), client);
  }
}
