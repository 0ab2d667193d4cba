package io.aliecs.relay.config;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * Stands between the relay and a real Consul and gives wrong answers while it is told to. Records
 * when it was asked for keys and how many connections are open. Lives as long as its Vert.x.
 */
final class FaultyHttp {

  /** A request for a key: when it came in ns, and its query. */
  record Asked(long nanos, String uri) {}

  private final HttpClient client;
  private final int target;
  private final HttpServer server;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
  private volatile Optional<Handler<HttpServerRequest>> fault = Optional.empty();
  private volatile UnaryOperator<String> entry = UnaryOperator.identity();

  FaultyHttp(Vertx vertx, int target) {
    this.client = vertx.httpClientBuilder().with(new PoolOptions().setHttp1MaxSize(100)).build();
    this.target = target;
    server =
        vertx
            .createHttpServer()
            .connectionHandler(
                connection -> {
                  open.add(connection);
                  connection.closeHandler(closed -> open.remove(connection));
                })
            .requestHandler(this::handle);
    server.listen(0, "127.0.0.1").await();
  }

  int port() {
    return server.actualPort();
  }

  /** Requests for keys, oldest first. */
  List<Asked> asked() {
    return asked;
  }

  int connections() {
    return open.size();
  }

  /** Every answer is this one from now on. */
  void answer(int status, String body) {
    fault = Optional.of(request -> request.response().setStatusCode(status).end(body));
  }

  void answer(Handler<HttpServerRequest> instead) {
    fault = Optional.of(instead);
  }

  /** Closes every open connection. */
  void cut() {
    Set.copyOf(open).forEach(HttpConnection::close);
  }

  /** Passes answers about a key through, but changed. */
  void entry(UnaryOperator<String> change) {
    entry = change;
  }

  /** Passes everything through again. */
  void heal() {
    fault = Optional.empty();
    entry = UnaryOperator.identity();
  }

  private void handle(HttpServerRequest request) {
    if (request.path().startsWith("/v1/kv/")) {
      String uri = URLDecoder.decode(request.uri(), StandardCharsets.UTF_8);
      asked.add(new Asked(System.nanoTime(), uri));
    }
    fault.orElse(this::forward).handle(request);
  }

  /** Passes a request on, or swallows it for ever. */
  void forwardUnless(HttpServerRequest request, boolean swallowed) {
    if (!swallowed) {
      forward(request);
    }
  }

  private void forward(HttpServerRequest request) {
    forward(request, request.uri());
  }

  /** Passes a request on as one for another place. */
  void forward(HttpServerRequest request, String uri) {
    HttpServerResponse response = request.response();
    boolean aboutKey = request.path().startsWith("/v1/kv/");
    request
        .body()
        .compose(
            body ->
                client
                    .request(request.method(), target, "127.0.0.1", uri)
                    .compose(out -> out.send(body)))
        .compose(
            in ->
                in.body()
                    .onSuccess(
                        body ->
                            response
                                .setStatusCode(in.statusCode())
                                .end(aboutKey ? entry.apply(body.toString()) : body.toString())))
        .onFailure(cause -> response.reset());
  }
}
