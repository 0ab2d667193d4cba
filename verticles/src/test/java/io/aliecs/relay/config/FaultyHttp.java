package io.aliecs.relay.config;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * Stands between the relay and a real Consul and gives wrong answers while it is told to. Records
 * when it was asked for keys and how many connections are open.
 */
final class FaultyHttp implements AutoCloseable {

  /** A request for a key: when it came in ns, and its query. */
  record Asked(long nanos, String uri) {}

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client =
      vertx.httpClientBuilder().with(new PoolOptions().setHttp1MaxSize(100)).build();
  private final int target;
  private final int port;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();
  private volatile Optional<Handler<HttpServerRequest>> fault = Optional.empty();
  private volatile UnaryOperator<String> index = UnaryOperator.identity();

  FaultyHttp(int target) throws Exception {
    this.target = target;
    HttpServer server =
        vertx
            .createHttpServer()
            .connectionHandler(
                connection -> {
                  open.add(connection);
                  connection.closeHandler(closed -> open.remove(connection));
                })
            .requestHandler(this::handle);
    this.port = ConsulFixture.get(server.listen(0, "127.0.0.1")).actualPort();
  }

  int port() {
    return port;
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

  /** Passes answers through but for their index. */
  void index(UnaryOperator<String> change) {
    index = change;
  }

  /** Passes everything through again. */
  void heal() {
    fault = Optional.empty();
    index = UnaryOperator.identity();
  }

  private void handle(HttpServerRequest request) {
    if (request.path().startsWith("/v1/kv/")) {
      asked.add(new Asked(System.nanoTime(), request.uri()));
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
    client
        .request(request.method(), target, "127.0.0.1", uri)
        .compose(out -> out.send())
        .compose(in -> in.body().onSuccess(body -> copyHead(in, response)).map(body -> body))
        .onSuccess(response::end)
        .onFailure(cause -> response.reset());
  }

  private void copyHead(HttpClientResponse in, HttpServerResponse out) {
    out.setStatusCode(in.statusCode());
    String changed = index.apply(in.getHeader("X-Consul-Index"));
    if (changed != null) {
      out.putHeader("X-Consul-Index", changed);
    }
  }

  @Override
  public void close() {
    try {
      ConsulFixture.get(vertx.close());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
