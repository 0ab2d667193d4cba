package io.aliecs.relay.web.http;

import io.netty.handler.codec.DecoderException;
import io.vertx.core.Future;
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
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one server: what is read, what is asked and what is changed. A handler gives the
 * answer, or throws a {@link Problem.BadRequest} that says what is wrong with the request. Whatever
 * else goes wrong is answered here as a problem, the same on every route. For one event loop.
 */
public final class Routes {
  /** Path traversal: no path that there is has such a part. */
  private static final Pattern DOTS =
      Pattern.compile("/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

  private final Replies replies;
  private final String paths;
  private final ControlToken token;
  private final Audit audit;
  private final Router router;

  /**
   * @param token what changes need
   * @param audit keeps each change
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
    router.errorHandler(
        400,
        context -> replies.send(context.request(), Replies.NO_ROUTE, Answer.of(badUrl("URL"))));
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
  public void read(String path, Function<RoutingContext, Answer> handler) {
    readLater(path, context -> Future.succeededFuture(handler.apply(context)));
  }

  /** The same where the answer has to be waited for. */
  public void readLater(String path, Function<RoutingContext, Future<Answer>> handler) {
    reading(path, context -> answer(context, path, asked(context, Answer::of, handler)));
  }

  /**
   * A path whose answer never ends; to a HEAD it does, behind its head.
   *
   * @param refusal what those get who cannot be taken now; null when they can be
   * @param join takes a client whose answer has its head
   */
  public void stream(
      String path, Supplier<@Nullable Answer> refusal, Consumer<HttpServerRequest> join) {
    reading(
        path,
        context -> {
          Answer refused = refusal.get();
          if (refused != null) {
            replies.send(context.request(), path, refused);
            return;
          }
          replies.openStream(context.request(), path);
          if (context.request().method().equals(HttpMethod.GET)) {
            join.accept(context.request());
          }
        });
  }

  private void reading(String path, Handler<RoutingContext> handler) {
    on(path, RequestCounters.READING, HttpMethod.GET, HttpMethod.HEAD)
        .handler(handler)
        .failureHandler(context -> replies.failed(context.request(), path, context.failure()));
  }

  /**
   * A path that is read with GET and HEAD, or with a POST whose form says what is asked for.
   *
   * @param limit bytes of the form
   * @param error in the form that clients of this path show
   */
  public void ask(
      String path,
      long limit,
      Function<RoutingContext, Answer> handler,
      Function<Problem, Answer> error) {
    router.post(path).handler(BodyHandler.create(false).setBodyLimit(limit));
    on(path, RequestCounters.READING, HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST)
        .handler(
            context -> {
              context.request().params(); // which throws when they are not well formed
              answer(
                  context,
                  path,
                  asked(context, error, c -> Future.succeededFuture(handler.apply(c))));
            })
        .failureHandler(
            context -> {
              if (context.statusCode() == 400
                  || context.failure() instanceof IllegalArgumentException) {
                replies.send(context.request(), path, error.apply(badUrl("parameters")));
              } else {
                failed(context, path, limit, error);
              }
            });
  }

  /**
   * A path that changes something, for those who have the token.
   *
   * @param limit bytes of the body
   */
  public void change(
      HttpMethod method,
      String path,
      long limit,
      Function<RoutingContext, Future<Answer>> handler) {
    guarded(
        method,
        path,
        limit,
        context -> {
          context.addEndHandler(sent -> audit.answered(context));
          return handler.apply(context);
        });
  }

  /**
   * A path that takes events, for those who have the token: many, and each is in its environment's
   * timeline, so that none has a line in the log.
   *
   * @param limit bytes of the body
   */
  public void events(String path, long limit, Function<RoutingContext, Future<Answer>> handler) {
    guarded(HttpMethod.POST, path, limit, handler);
  }

  private void guarded(
      HttpMethod method,
      String path,
      long limit,
      Function<RoutingContext, Future<Answer>> handler) {
    on(path, RequestCounters.CHANGING, method)
        .handler(BodyHandler.create(false).setBodyLimit(limit))
        .handler(context -> answer(context, path, authorize(context, handler)))
        .failureHandler(context -> failed(context, path, limit, Answer::of));
  }

  /** The route of a path for these methods, before one that answers 405 to all others. */
  private Route on(String path, List<Integer> answers, HttpMethod... methods) {
    replies.counters().route(path, answers);
    Route route = router.route(path);
    for (HttpMethod method : methods) {
      route.method(method);
    }
    String allowed = Arrays.stream(methods).map(HttpMethod::name).collect(Collectors.joining(", "));
    router
        .route(path)
        .handler(
            context -> {
              String method = context.request().method().name();
              String detail = "method: " + method + " (expected: " + allowed + ")";
              replies.send(
                  context.request(),
                  path,
                  Answer.problem(405, detail).with(HttpHeaders.ALLOW, allowed));
            });
    return route;
  }

  private Future<Answer> authorize(
      RoutingContext context, Function<RoutingContext, Future<Answer>> handler) {
    return token
        .check(context.request())
        .compose(
            refusal ->
                refusal.isPresent()
                    ? Future.succeededFuture(
                        Answer.of(refusal.get()).with("WWW-Authenticate", "Bearer"))
                    : asked(context, Answer::of, handler));
  }

  /** What a handler answers; 400 when it finds that wrong which is asked. */
  private static Future<Answer> asked(
      RoutingContext context,
      Function<Problem, Answer> error,
      Function<RoutingContext, Future<Answer>> handler) {
    try {
      return handler.apply(context);
    } catch (Problem.BadRequest wrong) {
      String detail = String.valueOf(wrong.getMessage());
      return Future.succeededFuture(error.apply(new Problem(400, detail)));
    }
  }

  private void answer(RoutingContext context, String path, Future<Answer> answer) {
    answer
        .onSuccess(known -> replies.send(context.request(), path, known))
        .onFailure(context::fail);
  }

  private void failed(
      RoutingContext context, String path, long limit, Function<Problem, Answer> error) {
    Problem problem;
    if (context.statusCode() == 413) {
      problem = new Problem(413, "body: too large (expected: at most " + limit + " bytes)");
    } else if (context.failure() instanceof DecoderException) {
      problem =
          new Problem(400, "body: a form that cannot be read (expected: as its Content-Type says)");
    } else if (isBroken(context)) {
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      problem =
          new Problem(400, "body: not well formed (expected: as its length or its chunks say)");
    } else {
      replies.failed(context.request(), path, context.failure());
      return;
    }
    replies.send(context.request(), path, error.apply(problem));
  }

  /** Whether a body was cut short by what cannot be read, not by the client's going away. */
  private static boolean isBroken(RoutingContext context) {
    return !context.request().isEnded()
        && !context.response().closed()
        && !(context.failure() instanceof HttpClosedException);
  }

  private static Problem badUrl(String what) {
    return new Problem(400, what + ": not well formed (expected: percent-encoded UTF-8)");
  }

  private void notFound(HttpServerRequest request) {
    String detail = "path: " + Problem.shown(request.path()) + " (expected: " + paths + ")";
    replies.unrouted(request, 404, detail);
  }
}
