package io.aliecs.relay.web.http;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The routes of one server: what is read, what is asked and what is changed. Whatever goes wrong
 * with a request is answered here as a problem, the same on every route. For one event loop.
 */
public final class Routes {
  /** No client of ours asks for a path with such a part; whoever does looks for a way out. */
  private static final Pattern DOTS =
      Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

  private final Replies replies;
  private final String paths;
  private final ControlToken token;
  private final Audit audit;
  private final Router router;

  /**
   * A server's routes.
   *
   * @param token what changes need
   * @param audit is told of each change
   * @param paths which paths there are, for a client that asked for another one
   */
  public Routes(
      Vertx vertx,
      Replies replies,
      ControlToken token,
      Audit audit,
      String paths,
      List<Feature> features) {
    this.replies = replies;
    this.token = token;
    this.audit = audit;
    this.paths = paths;
    this.router = Router.router(vertx);
    replies.counters().route(Replies.NO_ROUTE, RequestCounters.NOWHERE);
    features.forEach(feature -> feature.mount(this));
    router.route().handler(context -> notFound(context.request()));
    router.errorHandler(400, context -> replies.badUrl(context.request(), Replies.NO_ROUTE));
    router.errorHandler(
        500, context -> replies.failed(context.request(), Replies.NO_ROUTE, context.failure()));
  }

  /** Answers a request. */
  public void handle(HttpServerRequest request) {
    if (DOTS.matcher(String.valueOf(request.path())).find()) {
      notFound(request);
    } else {
      router.handle(request);
    }
  }

  /** A path that is read with GET and HEAD. */
  public void read(String path, Handler<RoutingContext> handler) {
    replies.counters().route(path, RequestCounters.READING);
    on(path, HttpMethod.GET, HttpMethod.HEAD).handler(handler).failureHandler(failed(path));
    nothingElse(path, HttpMethod.GET, HttpMethod.HEAD);
  }

  /**
   * A path that is read with GET and HEAD, or with a POST whose form says what is asked for.
   *
   * @param limit bytes of the form
   * @param refused answers what is not asked well, in the form that clients of this path show
   */
  public void ask(
      String path,
      long limit,
      Handler<RoutingContext> handler,
      BiConsumer<HttpServerRequest, Problem> refused) {
    replies.counters().route(path, RequestCounters.READING);
    on(path, HttpMethod.POST).handler(BodyHandler.create(false).setBodyLimit(limit));
    on(path, HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST)
        .handler(handler)
        .failureHandler(
            context -> {
              if (context.statusCode() == 400
                  || context.failure() instanceof IllegalArgumentException) {
                String detail = "parameters: not well formed (expected: percent-encoded UTF-8)";
                refused.accept(context.request(), new Problem(400, detail));
              } else {
                failed(context, path, limit, refused);
              }
            });
    nothingElse(path, HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST);
  }

  /**
   * A path that changes something, for those who have the token.
   *
   * @param limit bytes of the body
   */
  public void change(HttpMethod method, String path, long limit, Handler<RoutingContext> handler) {
    guarded(
        method,
        path,
        limit,
        context -> {
          context.addEndHandler(sent -> audit.answered(context));
          handler.handle(context);
        });
  }

  /**
   * A path that takes events, for those who have the token: many, and each is in its environment's
   * timeline, so that none has a line in the log.
   *
   * @param limit bytes of the body
   */
  public void events(String path, long limit, Handler<RoutingContext> handler) {
    guarded(HttpMethod.POST, path, limit, handler);
  }

  private void guarded(
      HttpMethod method, String path, long limit, Handler<RoutingContext> handler) {
    replies.counters().route(path, RequestCounters.CHANGING);
    on(path, method)
        .handler(BodyHandler.create(false).setBodyLimit(limit))
        .handler(context -> authorize(context, path, handler))
        .failureHandler(
            context ->
                failed(
                    context,
                    path,
                    limit,
                    (request, problem) -> replies.problem(request, path, problem)));
    nothingElse(path, method);
  }

  private Route on(String path, HttpMethod... methods) {
    Route route = router.route(path);
    for (HttpMethod method : methods) {
      route.method(method);
    }
    return route;
  }

  private void nothingElse(String path, HttpMethod... methods) {
    String allowed = Arrays.stream(methods).map(HttpMethod::name).collect(Collectors.joining(", "));
    router.route(path).handler(context -> replies.notAllowed(context.request(), path, allowed));
  }

  private void authorize(RoutingContext context, String path, Handler<RoutingContext> handler) {
    token
        .check(context.request())
        .onSuccess(
            refusal ->
                refusal.ifPresentOrElse(
                    problem -> refuse(context, path, problem), () -> handler.handle(context)))
        .onFailure(context::fail);
  }

  private void refuse(RoutingContext context, String path, Problem problem) {
    context.response().putHeader("WWW-Authenticate", "Bearer");
    replies.problem(context.request(), path, problem);
  }

  private Handler<RoutingContext> failed(String path) {
    return context -> replies.failed(context.request(), path, context.failure());
  }

  private void failed(
      RoutingContext context,
      String path,
      long limit,
      BiConsumer<HttpServerRequest, Problem> refused) {
    if (context.statusCode() == 413) {
      String detail = "body: too large (expected: at most " + limit + " bytes)";
      refused.accept(context.request(), new Problem(413, detail));
    } else if (context.failure() instanceof DecoderException) {
      String detail = "body: a form that cannot be read (expected: as its Content-Type says)";
      refused.accept(context.request(), new Problem(400, detail));
    } else if (isBroken(context)) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      String detail = "body: not well formed (expected: as its length or its chunks say)";
      refused.accept(context.request(), new Problem(400, detail));
    } else {
      replies.failed(context.request(), path, context.failure());
    }
  }

  /** Whether a body was cut short by what cannot be read, not by the client's going away. */
  private static boolean isBroken(RoutingContext context) {
    return !context.request().isEnded()
        && !context.response().closed()
        && !(context.failure() instanceof HttpClosedException);
  }

  private void notFound(HttpServerRequest request) {
    String detail = "path: " + Problem.shown(request.path()) + " (expected: " + paths + ")";
    replies.problem(request, Replies.NO_ROUTE, new Problem(404, detail));
  }
}
