package io.aliecs.relay.web.server;

import io.aliecs.relay.web.WebSecurity.PemFiles;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Replies;
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
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An HTTP server with its limits, bound to an address. */
public final class Listener {
  private static final int MAX_URL_LINE = 4_096;
  private static final int MAX_HEADERS = 8_192;
  private static final int IDLE_SECONDS = 60;
  private static final int COMPRESSED_FROM = 1_024;
  private static final int DRAIN_SECONDS = 2;

  /**
   * Requests that one connection may have unanswered; with one more it is closed. Netty keeps it
   * wherever answers may be compressed, since 4.2.16, and Vert.x has no setting for it: browsers
   * and Grafana wait for each answer, and who floods is to have no queue here.
   */
  static final int MAX_PIPELINED = HttpContentEncoder.DEFAULT_MAX_PIPELINE_DEPTH;

  private final HttpServer server;
  private final Connections connections;
  private final @Nullable Certificates certificates;

  private Listener(
      HttpServer server, Connections connections, @Nullable Certificates certificates) {
    this.server = server;
    this.connections = connections;
    this.certificates = certificates;
    if (certificates != null) {
      certificates.follow(server);
    }
  }

  /**
   * Where a server listens.
   *
   * @param name what the settings of this server begin with
   * @param port 0 for any free one
   * @param tls its certificate and key; empty: plain HTTP
   */
  public record Address(String name, String host, int port, Optional<PemFiles> tls) {}

  /** Binds and listens. Fails with one line that says what to change. */
  public static Future<Listener> listen(
      Vertx vertx,
      Address address,
      ConnectionLimits limits,
      RequestGuard guard,
      Handler<HttpServerRequest> handler,
      Replies replies) {
    return address
        .tls()
        .map(
            files ->
                Certificates.read(vertx, address.name(), files)
                    .compose(
                        certificates ->
                            bind(vertx, address, limits, guard, handler, replies, certificates)))
        .orElseGet(() -> bind(vertx, address, limits, guard, handler, replies, null));
  }

  private static Future<Listener> bind(
      Vertx vertx,
      Address address,
      ConnectionLimits limits,
      RequestGuard guard,
      Handler<HttpServerRequest> handler,
      Replies replies,
      @Nullable Certificates certificates) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setMaxInitialLineLength(MAX_URL_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setIdleTimeout(IDLE_SECONDS)
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false)
            .setCompressionSupported(true)
            .setCompressionContentSizeThreshold(COMPRESSED_FROM);
    if (certificates != null) {
      options.setSsl(true).setKeyCertOptions(certificates.options());
    }
    Connections connections = new Connections(vertx, limits, replies.counters());
    return vertx
        .createHttpServer(options)
        .connectionHandler(connections::add)
        .requestHandler(
            request -> {
              connections.requested(request);
              handle(request, guard, handler, replies);
            })
        .invalidRequestHandler(request -> invalid(request, replies))
        .listen()
        .map(server -> new Listener(server, connections, certificates))
        .onFailure(failure -> connections.forget())
        .recover(failure -> Future.failedFuture(unbound(address, failure)));
  }

  private static void handle(
      HttpServerRequest request,
      RequestGuard guard,
      Handler<HttpServerRequest> handler,
      Replies replies) {
    String path = request.path();
    Problem refusal = guard.refusal(request);
    if (refusal != null) {
      replies.unrouted(request, refusal.status(), refusal.detail());
    } else if (path == null || !path.startsWith("/")) { // OPTIONS *: a router fails on it
      String detail = "target: " + Problem.shown(request.uri()) + " (expected: a path)";
      replies.unrouted(request, 400, detail);
    } else {
      handler.handle(request);
    }
  }

  /** The port it really listens on. */
  public int port() {
    return server.actualPort();
  }

  /** Takes no more requests, finishes those it has, closes. */
  public Future<Void> close() {
    if (certificates != null) {
      certificates.forget();
    }
    return server
        .shutdown(DRAIN_SECONDS, TimeUnit.SECONDS)
        .onComplete(closed -> connections.forget());
  }

  private static void invalid(HttpServerRequest request, Replies replies) {
    Throwable cause = request.decoderResult().cause();
    request.response().putHeader("connection", "close");
    if (cause instanceof TooLongHttpLineException) {
      String detail = "URL: too long (expected: at most " + MAX_URL_LINE + " bytes)";
      replies.unrouted(request, 414, detail);
    } else if (cause instanceof TooLongHttpHeaderException) {
      String detail = "headers: too long (expected: at most " + MAX_HEADERS + " bytes)";
      replies.unrouted(request, 431, detail);
    } else {
      replies.unrouted(request, 400, "request: not HTTP (expected: HTTP/1.1)");
    }
  }

  private static IllegalStateException unbound(Address address, Throwable failure) {
    String name = address.name();
    String host = address.host();
    String bound = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.port();
    String message = String.valueOf(failure.getMessage());
    boolean taken = failure instanceof BindException && message.contains("in use");
    String format =
        taken
            ? "%1$s: %2$s is taken (expected: a free port; set %1$s.port)"
            : "%1$s: %2$s cannot be bound: %3$s (expected: an address of this host and a port that is"
                + " allowed; set %1$s.host and %1$s.port)";
    return new IllegalStateException(String.format(format, name, bound, message), failure);
  }
}
