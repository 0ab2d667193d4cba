package io.aliecs.relay.cluster;

import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.tls.ClusterCertificates;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.util.concurrent.TimeUnit;

/** How members of the bus connect: addresses, limits, and certificates on both sides. */
final class BusTransport {
  /** A connection on which nothing was heard for longer is taken for dead. */
  static final int SILENCE_MS = 3_000;

  private static final int CONNECT_MS = 2_000;
  private static final long PING_MS = 1_000;
  private static final String VERIFY_ADDRESS = "HTTPS";

  private final BusOptions options;

  BusTransport(BusOptions options) {
    this.options = options;
  }

  private boolean isEncrypted() {
    return options.certificates().isPresent();
  }

  private ClusterCertificates certificates() {
    return options
        .certificates()
        .orElseThrow(() -> new IllegalStateException("plain text (expected: certificates)"));
  }

  /**
   * Those of the bus itself. Vert.x hands them on as JSON, which only certificates in files or
   * values survive; {@link BusCertificates} puts ours in place before anything is connected.
   */
  EventBusOptions eventBus() {
    EventBusOptions bus =
        new EventBusOptions()
            .setHost(options.address())
            .setPort(options.port())
            .setConnectTimeout(CONNECT_MS)
            .setClusterPingInterval(PING_MS)
            .setClusterPingReplyInterval(SILENCE_MS)
            .setTrustAll(false);
    if (isEncrypted()) {
      bus.setSsl(true)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(certificates().keyOptions())
          .setTrustOptions(certificates().trustOptions());
    }
    return bus;
  }

  NetServerOptions membersServer() {
    NetServerOptions server = new NetServerOptions();
    server.setReadIdleTimeout(SILENCE_MS).setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    if (isEncrypted()) {
      server
          .setSsl(true)
          .setClientAuth(ClientAuth.REQUIRED)
          .setKeyCertOptions(KeyCertOptions.wrap(certificates().keyManager()))
          .setTrustOptions(TrustOptions.wrap(certificates().trustManager()));
    }
    return server;
  }

  NetClientOptions membersClient() {
    NetClientOptions client = new NetClientOptions().setConnectTimeout(CONNECT_MS);
    client.setReadIdleTimeout(SILENCE_MS).setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
    if (isEncrypted()) {
      client
          .setSsl(true)
          .setTrustAll(false)
          .setHostnameVerificationAlgorithm(VERIFY_ADDRESS)
          .setKeyCertOptions(KeyCertOptions.wrap(certificates().keyManager()))
          .setTrustOptions(TrustOptions.wrap(certificates().trustManager()));
    }
    return client;
  }

  ServerSSLOptions serverTls() {
    return new ServerSSLOptions()
        .setClientAuth(ClientAuth.REQUIRED)
        .setKeyCertOptions(KeyCertOptions.wrap(certificates().keyManager()))
        .setTrustOptions(TrustOptions.wrap(certificates().trustManager()));
  }

  ClientSSLOptions clientTls() {
    return new ClientSSLOptions()
        .setTrustAll(false)
        .setHostnameVerificationAlgorithm(VERIFY_ADDRESS)
        .setKeyCertOptions(KeyCertOptions.wrap(certificates().keyManager()))
        .setTrustOptions(TrustOptions.wrap(certificates().trustManager()));
  }
}
