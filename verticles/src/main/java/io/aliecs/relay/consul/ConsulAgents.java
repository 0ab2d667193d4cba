package io.aliecs.relay.consul;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.consul.ConsulClient;
import io.vertx.ext.consul.ConsulClientOptions;
import java.time.Duration;
import java.util.Optional;

/**
 * The agents that may be asked, and which of them is asked now: the one that answered last; a
 * failure of it moves on to the next. Shared by everything that asks from one Vert.x context.
 */
public final class ConsulAgents {

  private static final Duration CONNECT = Duration.ofSeconds(2);

  private final Vertx vertx;
  private final ConsulOptions options;
  private final ConsulToken token;
  private int preferred;

  /** Agents of which none has been asked yet. */
  public ConsulAgents(Vertx vertx, ConsulOptions options) {
    this.vertx = vertx;
    this.options = options;
    this.token = new ConsulToken(vertx, options);
  }

  /** A way to ask them that shares no connection with any other. */
  public ConsulAccess access() {
    return new ConsulAccess(this);
  }

  Vertx vertx() {
    return vertx;
  }

  ConsulToken token() {
    return token;
  }

  int preferred() {
    return preferred;
  }

  /** Where an agent is, for people. */
  String address(int agent) {
    return options.addresses().get(agent).toString();
  }

  /** The one asked has failed; that others have said so already changes nothing. */
  void moveOn(int asked) {
    if (asked == preferred) {
      preferred = (preferred + 1) % options.addresses().size();
    }
  }

  /**
   * The library's client of the agent that is preferred. Address, token and TLS are fixed in it.
   */
  ConsulClient client(Optional<String> secret) {
    ConsulOptions.Address address = options.addresses().get(preferred);
    ConsulClientOptions client =
        new ConsulClientOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setSsl(address.tls())
            .setConnectTimeout((int) CONNECT.toMillis())
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
