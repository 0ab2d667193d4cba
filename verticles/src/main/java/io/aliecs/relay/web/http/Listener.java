package io.aliecs.relay.web.http;

import io.netty.handler.codec.http.HttpContentEncoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.net.BindException;
import java.util.concurrent.TimeUnit;

/** An HTTP server with its limits, bound to an address. */
public final class Listener {
  private static final int MAX_URL_LINE = 4_096;
  private static final int MAX_HEADERS = 8_192;
  private static final int IDLE_SECONDS = 60;
  private static final long PATIENCE_MS = 30_000;
  private static final int COMPRESSED_FROM = 1_024;
  private static final int DRAIN_SECONDS = 2;

  /**
   * Requests that one connection may have unanswered; with one more it is closed. Netty keeps it
   * wherever answers may be compressed, since 4.2.16, and Vert.x lets nobody choose another:
   * browsers and Grafana wait for each answer, and who floods is to have no queue here.
   */
  static final int MAX_PIPELINED = HttpContentEncoder.DEFAULT_MAX_PIPELINE_DEPTH;

  private final HttpServer server;
  private final Connections connections;

  private Listener(HttpServer server, Connections connections) {
    this.server = server;
    this.connections = connections;
  }

  /**
   * Binds and listens. Fails with one line that says what to change.
   *
   * @param name what the settings of this server begin with
   * @param port 0 for any free one
   */
  public static Future<Listener> listen(
      Vertx vertx,
      String name,
      String host,
      int port,
      Handler<HttpServerRequest> handler,
      Replies replies) {
    return listen(vertx, name, host, port, handler, replies, PATIENCE_MS);
  }

  /** The same with another time that a client may take for a request. */
  public static Future<Listener> listen(
      Vertx vertx,
      String name,
      String host,
      int port,
      Handler<HttpServerRequest> handler,
      Replies replies,
      long patienceMs) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(host)
            .setPort(port)
            .setMaxInitialLineLength(MAX_URL_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setIdleTimeout(IDLE_SECONDS)
            .setHttp2ClearTextEnabled(false)
            .setCompressionSupported(true)
            .setCompressionContentSizeThreshold(COMPRESSED_FROM);
    Connections connections = new Connections(vertx, patienceMs);
    return vertx
        .createHttpServer(options)
        .connectionHandler(connections::add)
        .requestHandler(
            request -> {
              connections.heard(request);
              String path = request.path();
              if (path != null && path.startsWith("/")) {
                handler.handle(request);
              } else {
                noPath(request, replies);
              }
            })
        .invalidRequestHandler(request -> invalid(request, replies))
        .listen()
        .map(server -> new Listener(server, connections))
        .onFailure(failure -> connections.forget())
        .recover(failure -> Future.failedFuture(unbound(name, host, port, failure)));
  }

  /** The port it really listens on. */
  public int port() {
    return server.actualPort();
  }

  /** Takes no more requests, finishes those it has, closes. */
  public Future<Void> close() {
    return server
        .shutdown(DRAIN_SECONDS, TimeUnit.SECONDS)
        .onComplete(closed -> connections.forget());
  }

  /** Such as that of {@code OPTIONS *}, on which a router stumbles. */
  private static void noPath(HttpServerRequest request, Replies replies) {
    String detail = "target: " + Problem.shown(request.uri()) + " (expected: a path)";
    replies.problem(request, Replies.NO_ROUTE, new Problem(400, detail));
  }

  private static void invalid(HttpServerRequest request, Replies replies) {
    Throwable cause = request.decoderResult().cause();
    Problem problem;
    if (cause instanceof TooLongHttpLineException) {
      problem = new Problem(414, "URL: too long (expected: at most " + MAX_URL_LINE + " bytes)");
    } else if (cause instanceof TooLongHttpHeaderException) {
      problem = new Problem(431, "headers: too long (expected: at most " + MAX_HEADERS + " bytes)");
    } else {
      problem = new Problem(400, "request: not HTTP (expected: HTTP/1.1)");
    }
    request.response().putHeader("connection", "close");
    replies.problem(request, Replies.NO_ROUTE, problem);
  }

  private static IllegalStateException unbound(
      String name, String host, int port, Throwable failure) {
    String address = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    String message = String.valueOf(failure.getMessage());
    return failure instanceof BindException && message.contains("in use")
        ? new IllegalStateException(
            name + ": " + address + " is taken (expected: a free port; set " + name + ".port)",
            failure)
        : new IllegalStateException(
            name
                + ": "
                + address
                + " cannot be bound: "
                + message
                + " (expected: an address of this host and a port that is allowed; set "
                + name
                + ".host and "
                + name
                + ".port)",
            failure);
  }
}
