package io.aliecs.relay.testkit;

import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.proto.control.GetEnvironmentsReply;
import io.aliecs.relay.proto.control.GetEnvironmentsRequest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.server.GrpcServer;
import io.vertx.grpc.server.GrpcServerRequest;
import java.net.BindException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The gRPC side of an AliECS core, as far as the relay asks: it has the environments that it was
 * given. Thread safe.
 */
public final class FakeCore {
  private static final ServiceMethod<GetEnvironmentsRequest, GetEnvironmentsReply>
      GET_ENVIRONMENTS =
          ServiceMethod.server(
              ServiceName.create("o2control.Control"),
              "GetEnvironments",
              GrpcMessageEncoder.encoder(),
              GrpcMessageDecoder.decoder(GetEnvironmentsRequest.getDefaultInstance()));

  /** Whoever posts to this path has the core crash and start anew. */
  public static final String RESTART = "/restart";

  private final Map<String, EnvironmentInfo> environments = new ConcurrentSkipListMap<>();
  private final HttpServer server;
  private volatile GrpcStatus status = GrpcStatus.OK;
  private volatile boolean silent;
  private volatile Runnable restart = this::clear;

  private FakeCore(Vertx vertx, HttpServerOptions options) {
    GrpcServer grpc = GrpcServer.server(vertx);
    grpc.callHandler(GET_ENVIRONMENTS, this::answer);
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(
                request -> {
                  if (request.path().equals(RESTART)) {
                    restart(request);
                  } else {
                    grpc.handle(request);
                  }
                });
  }

  /** For people: a core that crashes and starts anew. */
  private void restart(HttpServerRequest request) {
    boolean asked = request.method().equals(HttpMethod.POST);
    if (asked) {
      restart.run();
    }
    request.response().setStatusCode(asked ? 204 : 405).end();
  }

  /**
   * Starts one that has no environment.
   *
   * @param port to listen on, 0 for any free one
   */
  public static Future<FakeCore> start(Vertx vertx, int port) {
    return start(vertx, port, new HttpServerOptions());
  }

  /**
   * Starts one that has no environment.
   *
   * @param port to listen on, 0 for any free one
   * @param options its TLS
   */
  public static Future<FakeCore> start(Vertx vertx, int port, HttpServerOptions options) {
    FakeCore core = new FakeCore(vertx, options);
    return core.server
        .listen(port, "127.0.0.1")
        .map(core)
        .recover(
            failed ->
                Future.failedFuture(
                    failed instanceof BindException
                        ? new PortTakenException("127.0.0.1", port)
                        : failed));
  }

  private void answer(GrpcServerRequest<GetEnvironmentsRequest, GetEnvironmentsReply> request) {
    request.handler(
        all -> {
          if (silent) {
            return;
          }
          if (!status.equals(GrpcStatus.OK)) {
            request.response().status(status).statusMessage("as it was set to").end();
            return;
          }
          request
              .response()
              .end(
                  GetEnvironmentsReply.newBuilder()
                      .addAllEnvironments(environments.values())
                      .setTimestamp(System.currentTimeMillis())
                      .build());
        });
  }

  /** Host and port, for the setting {@code aliecs.core}. */
  public String address() {
    return "127.0.0.1:" + server.actualPort();
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  /** It has that environment, as described. */
  public void put(EnvironmentInfo environment) {
    environments.put(environment.getId(), environment);
  }

  /**
   * What happens when somebody posts to {@link #RESTART}.
   *
   * @param next run on an event loop
   */
  public void onRestart(Runnable next) {
    restart = next;
  }

  /** It does not have that environment any more. */
  public void remove(String environmentId) {
    environments.remove(environmentId);
  }

  /** It has none, as after a start. */
  public void clear() {
    environments.clear();
  }

  /** The environments that it has, by id. */
  public Map<String, EnvironmentInfo> environments() {
    return Map.copyOf(environments);
  }

  /** From now on it answers so; {@link GrpcStatus#OK}: as it should. */
  public void answerWith(GrpcStatus next) {
    status = next;
  }

  /** Whether it leaves questions without an answer from now on. */
  public void beSilent(boolean next) {
    silent = next;
  }

  /** Stops listening and ends every connection. */
  public Future<Void> stop() {
    return server.close();
  }
}
