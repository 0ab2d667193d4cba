package io.aliecs.relay.web.server;

import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Replies;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.CorsHandler;
import java.util.List;
import java.util.Set;

/** Lets pages of other origins read the interface, those that the settings name and no others. */
public final class CrossOrigin {
  private static final Set<String> HEADERS =
      Set.of("if-none-match", "last-event-id", "authorization", "content-type");
  private static final Set<String> EXPOSED = Set.of("etag");

  private CrossOrigin() {}

  /** The same handler, for pages of these origins too. */
  public static Handler<HttpServerRequest> allow(
      Vertx vertx, List<String> origins, Replies replies, Handler<HttpServerRequest> handler) {
    if (origins.isEmpty()) {
      return handler;
    }
    Router router = Router.router(vertx);
    router
        .route()
        .handler(
            CorsHandler.create()
                .addOrigins(origins)
                .allowedMethods(Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST))
                .allowedHeaders(HEADERS)
                .exposedHeaders(EXPOSED))
        .handler(context -> handler.handle(context.request()))
        .failureHandler(
            context ->
                replies.unrouted(
                    context.request(),
                    403,
                    "origin: "
                        + Problem.shown(context.request().getHeader("origin"))
                        + " (expected: one of http.cors-origins)"));
    return router;
  }
}
