package io.aliecs.relay.testkit.standin;

import io.aliecs.relay.testkit.PortTakenException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;

/** The HTTP side of {@link ConsulStandIn}: which request goes where. */
final class ConsulVerticle extends VerticleBase {
  private static final String KV = "/v1/kv/";

  private final String host;
  private final int wantedPort;
  private volatile int port;
  private final AgentServices services = new AgentServices();

  ConsulVerticle(String host, int port) {
    this.host = host;
    this.wantedPort = port;
  }

  /** The port it listens on, once deployed. */
  int port() {
    return port;
  }

  @Override
  public Future<?> start() {
    KvEndpoint kv = new KvEndpoint(new KvStore(), new BlockingQueries(vertx));
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setMaxInitialLineLength(16 * 1024)
                // Consul has no HTTP/2 without TLS either.
                .setHttp2ClearTextEnabled(false))
        .requestHandler(request -> handle(request, kv))
        .listen(wantedPort, host)
        .onSuccess((HttpServer server) -> port = server.actualPort())
        .recover(
            failed ->
                Future.failedFuture(
                    failed instanceof BindException
                        ? new PortTakenException(host, wantedPort)
                        : failed));
  }

  private void handle(HttpServerRequest request, KvEndpoint kv) {
    String path = request.path();
    if (path.startsWith(KV)) {
      kv.handle(request, path.substring(KV.length()));
    } else if (path.equals("/v1/txn") && request.method().equals(HttpMethod.PUT)) {
      kv.transact(request);
    } else if (path.startsWith(AgentServices.PATH)) {
      services.handle(request, path);
    } else {
      ConsulReply.text(request, 404, "");
    }
  }
}
