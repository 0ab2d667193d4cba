package io.aliecs.relay.testkit.proxy;

import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.PortTakenException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on 127.0.0.1 that breaks connections on demand: late, slow, cut, refused or silent.
 * Buffers are bounded: a reader that does not read stops the writer, as TCP does.
 *
 * <p>Thread-safe; its methods return once the change is in force and must not be called on an event
 * loop. It runs on an event loop of its own.
 */
public final class TcpProxy implements AutoCloseable {
  static final String HOST = "127.0.0.1";
  private static final int DEADLINE_SECONDS = 10;

  private final Vertx vertx;
  private final Context context;
  private final NetClient client;
  private final String targetHost;
  private final int targetPort;
  private final int port;
  private final Wire wire;

  // Touched on the context only.
  private final Set<ProxiedConnection> connections = new HashSet<>();
  private @Nullable NetServer server;

  private TcpProxy(int port, String targetHost, int targetPort) {
    this.port = port;
    this.targetHost = targetHost;
    this.targetPort = targetPort;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1));
    this.context = vertx.getOrCreateContext();
    this.client = vertx.createNetClient();
    this.wire = new Wire(vertx);
  }

  /** Forwards a free port to {@code targetHost:targetPort}; nothing has to listen there yet. */
  public static TcpProxy start(String targetHost, int targetPort) {
    return start(FreePort.find(), targetHost, targetPort);
  }

  /**
   * Forwards {@code port} of 127.0.0.1 to {@code targetHost:targetPort}.
   *
   * @throws PortTakenException when something else listens on {@code port}
   */
  public static TcpProxy start(int port, String targetHost, int targetPort) {
    if (!FreePort.isFree(port)) {
      throw new PortTakenException(HOST, port);
    }
    TcpProxy proxy = new TcpProxy(port, targetHost, targetPort);
    proxy.await(proxy::listen);
    return proxy;
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Where clients connect to, as {@code 127.0.0.1:port}. */
  public String address() {
    return HOST + ":" + port;
  }

  /** How many clients are connected now. */
  public int openConnections() {
    return await(() -> Future.succeededFuture(connections.size()));
  }

  /**
   * Delivers every byte {@code oneWay} later, in both directions: a round trip takes twice that.
   */
  public void delay(Duration oneWay) {
    if (oneWay.isNegative()) {
      throw new IllegalArgumentException("delay: " + oneWay + " (expected: zero or more)");
    }
    change(() -> wire.delay(oneWay));
  }

  /** Lets through so many bytes a second in each direction, shared by all connections. */
  public void throttle(long bytesPerSecond) {
    if (bytesPerSecond <= 0) {
      throw new IllegalArgumentException(
          "throttle: " + bytesPerSecond + " bytes/s (expected: more than 0)");
    }
    change(() -> wire.throttle(bytesPerSecond));
  }

  /** Closes every open connection, on both sides; new ones are let through. */
  public void cut() {
    change(this::cutAll);
  }

  /** Closes every open connection and the listening socket: clients get "connection refused". */
  public void refuse() {
    await(
        () -> {
          cutAll();
          return unlisten();
        });
  }

  /**
   * Keeps connections open and accepts new ones, but forwards nothing, not even that one was
   * closed. As on a network that lost its way, bytes wait: {@link #heal()} delivers them.
   */
  public void halfOpen() {
    change(() -> hold(true));
  }

  /** Ends every fault: full speed, no delay, listening, forwarding. */
  public void heal() {
    await(
        () -> {
          wire.heal();
          hold(false);
          return server == null ? listen() : Future.succeededFuture();
        });
  }

  /** Closes every connection and stops listening. */
  @Override
  public void close() {
    get(vertx.close());
  }

  private Future<Void> listen() {
    NetServer listening = vertx.createNetServer();
    server = listening;
    return listening.connectHandler(this::accept).listen(port, HOST).mapEmpty();
  }

  private Future<Void> unlisten() {
    NetServer listening = server;
    server = null;
    return listening == null
        ? Future.succeededFuture()
        : listening.close().compose(closed -> untilFree());
  }

  /** The system closes the listening socket a moment after Vert.x says so; clients still get in. */
  private Future<Void> untilFree() {
    Promise<Void> free = Promise.promise();
    vertx.setPeriodic(
        1,
        timer -> {
          if (FreePort.isFree(port)) {
            vertx.cancelTimer(timer);
            free.tryComplete();
          }
        });
    return free.future();
  }

  private void accept(NetSocket socket) {
    ProxiedConnection connection =
        new ProxiedConnection(
            socket, () -> client.connect(targetPort, targetHost), wire, connections::remove);
    connections.add(connection);
    connection.open();
  }

  private void cutAll() {
    List.copyOf(connections).forEach(ProxiedConnection::cut);
  }

  private void hold(boolean held) {
    wire.hold(held);
    if (!held) {
      List.copyOf(connections).forEach(ProxiedConnection::goOn);
    }
  }

  private void change(Runnable change) {
    await(
        () -> {
          change.run();
          return Future.succeededFuture();
        });
  }

  private <T> T await(Supplier<Future<T>> action) {
    Promise<T> done = Promise.promise();
    context.runOnContext(none -> action.get().onComplete((AsyncResult<T> r) -> done.handle(r)));
    return get(done.future());
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      throw new IllegalStateException("proxy: no answer in " + DEADLINE_SECONDS + " s", late);
    }
  }
}
