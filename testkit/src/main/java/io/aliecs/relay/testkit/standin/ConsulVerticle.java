package io.aliecs.relay.testkit.standin;

import io.aliecs.relay.testkit.PortTakenException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.BindException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The HTTP side of {@link ConsulStandIn}: which request goes where. */
final class ConsulVerticle extends VerticleBase {
  private static final String KV = "/v1/kv/";

  private final String host;
  private final int wantedPort;
  private volatile int port;
  private final AgentServices services = new AgentServices();
  private @Nullable KvEndpoint kv;

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
    kv = new KvEndpoint(new KvStore(), new BlockingQueries(vertx));
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setMaxInitialLineLength(16 * 1024)
                // Consul has no HTTP/2 without TLS either.
                .setHttp2ClearTextEnabled(false))
        .requestHandler(this::handle)
        .listen(wantedPort, host)
        .onSuccess((HttpServer server) -> port = server.actualPort())
        .recover(
            failed ->
                Future.failedFuture(
                    failed instanceof BindException
                        ? new PortTakenException(host, wantedPort)
                        : failed));
  }

  private void handle(HttpServerRequest request) {
    String path = request.path();
    if (path.contains("//") || path.equals("/v1/kv")) {
      redirect(request, path);
    } else if (path.startsWith(KV)) {
      handleKv(request, path.substring(KV.length()));
    } else if (path.equals("/v1/txn")) {
      if (ConsulReply.allows(request, HttpMethod.PUT) && kv != null) {
        kv.transact(request);
      }
    } else if (path.startsWith(AgentServices.PATH)) {
      services.handle(request, path);
    } else if (path.equals("/v1/status/leader")) {
      get(request, Json.encode(host + ":8300"));
    } else if (path.equals("/v1/agent/self")) {
      get(request, self().encode());
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private void handleKv(HttpServerRequest request, String rawKey) {
    if (!ConsulReply.allows(request, HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE)
        || kv == null) {
      return;
    }
    String key;
    try {
      key = URLDecoder.decode(rawKey.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      ConsulReply.text(request, 400, String.valueOf(broken.getMessage()));
      return;
    }
    kv.handle(request, key);
  }

  private static void redirect(HttpServerRequest request, String path) {
    String clean = path.equals("/v1/kv") ? KV : path.replaceAll("/{2,}", "/");
    String query = request.query() == null ? "" : "?" + request.query();
    request.response().setStatusCode(301).putHeader("Location", clean + query).end();
  }

  private static void get(HttpServerRequest request, String json) {
    if (ConsulReply.allows(request, HttpMethod.GET)) {
      ConsulReply.json(request, 200, Buffer.buffer(json));
    }
  }

  private JsonObject self() {
    JsonObject config =
        new JsonObject()
            .put("Datacenter", "dc1")
            .put("NodeName", "relay-testkit")
            .put("NodeID", "00000000-0000-0000-0000-000000000000")
            .put("Revision", "")
            .put("Server", true)
            .put("Version", "1.8.7");
    JsonObject member =
        new JsonObject()
            .put("Name", "relay-testkit")
            .put("Addr", host)
            .put("Port", 8301)
            .put("Status", 1);
    return new JsonObject()
        .put("Config", config)
        .put("Member", member)
        .put("Meta", new JsonObject().put("stand-in", "aliecs-relay"));
  }
}
