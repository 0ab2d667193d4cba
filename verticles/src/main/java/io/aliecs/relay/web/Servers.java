package io.aliecs.relay.web;

import io.aliecs.relay.web.api.ApiRoutes;
import io.aliecs.relay.web.api.Schema;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Audit;
import io.aliecs.relay.web.http.ControlToken;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.RequestCounters;
import io.aliecs.relay.web.http.Routes;
import io.aliecs.relay.web.http.TokenGuesses;
import io.aliecs.relay.web.management.ManagementRoutes;
import io.aliecs.relay.web.server.ConnectionLimits;
import io.aliecs.relay.web.server.CrossOrigin;
import io.aliecs.relay.web.server.Listener;
import io.aliecs.relay.web.server.Listener.Address;
import io.aliecs.relay.web.server.RequestGuard;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The two servers: one of the API and the page, one of health and metrics. */
final class Servers {
  private final Vertx vertx;
  private final WebOptions options;
  private final MeterRegistry registry;
  private final TokenGuesses guesses;
  private final Audit audit;
  private volatile @Nullable Listener http;
  private volatile @Nullable Listener management;

  Servers(Vertx vertx, WebOptions options, MeterRegistry registry, Audit audit) {
    this.vertx = vertx;
    this.options = options;
    this.registry = registry;
    this.audit = audit;
    this.guesses = new TokenGuesses(vertx, registry);
  }

  /**
   * Listens for the API.
   *
   * @param shortcut the runs for a request that needs no route to get them, or null
   */
  Future<Void> listenApi(
      List<Feature> features, Function<HttpServerRequest, @Nullable Answer> shortcut) {
    WebSecurity security = options.security();
    Replies replies = new Replies(new RequestCounters(registry, "api"));
    ControlToken token = new ControlToken(vertx, options.tokenFile(), guesses);
    String paths = "a path of " + Schema.OPENAPI;
    Routes routes = new Routes(vertx, replies, token, audit, paths, features);
    return Listener.listen(
            vertx,
            new Address("http", options.host(), options.port(), security.http()),
            ConnectionLimits.of(security.maxConnections(), security.maxConnectionsPerAddress()),
            guard(options.host()),
            CrossOrigin.allow(
                vertx,
                options.origins(),
                replies,
                request -> {
                  Answer runs = shortcut.apply(request);
                  if (runs == null) {
                    routes.handle(request);
                  } else {
                    replies.send(request, ApiRoutes.RUNS, runs);
                  }
                }),
            replies)
        .onSuccess(bound -> http = bound)
        .mapEmpty();
  }

  /**
   * Listens for questions about health and metrics; nothing can be changed there. On an event loop
   * of its own, which a flood of the other server does not reach; it ends with the verticle that
   * calls this.
   */
  Future<Void> deployManagement(ManagementRoutes feature) {
    return vertx
        .deployVerticle(
            new VerticleBase() {
              @Override
              public Future<?> start() {
                return listenManagement(feature);
              }

              @Override
              public Future<?> stop() {
                return close(management);
              }
            })
        .mapEmpty();
  }

  private Future<Void> listenManagement(ManagementRoutes feature) {
    Replies replies = new Replies(new RequestCounters(registry, "management"));
    ControlToken none = new ControlToken(vertx, "", guesses);
    Routes routes =
        new Routes(vertx, replies, none, audit, ManagementRoutes.PATHS, List.of(feature));
    return Listener.listen(
            vertx,
            new Address(
                "management",
                options.managementHost(),
                options.managementPort(),
                options.security().management()),
            ConnectionLimits.MANAGEMENT,
            guard(options.managementHost()),
            routes::handle,
            replies)
        .onSuccess(bound -> management = bound)
        .mapEmpty();
  }

  private RequestGuard guard(String host) {
    return RequestGuard.of(host, options.security().names(), options.origins());
  }

  /** Where they really listen, with no port 0; from any thread. */
  WebOptions listening() {
    return new WebOptions(
        options.host(),
        port(http),
        options.managementHost(),
        port(management),
        options.tokenFile(),
        options.origins(),
        options.security());
  }

  private static int port(@Nullable Listener listener) {
    if (listener == null) {
      throw new IllegalStateException("not started");
    }
    return listener.port();
  }

  /** Takes no more requests of the API and finishes those that are there. */
  Future<Void> closeApi() {
    return close(http);
  }

  private static Future<Void> close(@Nullable Listener listener) {
    return listener == null ? Future.succeededFuture() : listener.close();
  }

  /** Where they listen, for people. */
  @Override
  public String toString() {
    WebOptions at = listening();
    return String.format(
        "HTTP on %s:%d, health and metrics on %s:%d",
        at.host(), at.port(), at.managementHost(), at.managementPort());
  }
}
