package io.aliecs.relay.cluster;

import io.aliecs.relay.settings.BusOptions;
import io.aliecs.relay.settings.ClusterHost;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections over which members announce themselves: one to each other control host of the
 * list, made again whenever it is lost, and those that others have made to here. Over each, in both
 * directions, goes one {@link Announcement} a line, at every change and every {@value #BEAT_MS} ms;
 * one that is silent for {@value BusTransport#SILENCE_MS} ms is closed. Lives on one context.
 *
 * <p>Bounded: a member that does not read gets no more until it does, then the newest.
 */
final class Links {
  static final long BEAT_MS = 500;

  private static final Logger LOG = LoggerFactory.getLogger(Links.class);
  private static final int DIAL_EVERY_BEATS = 2;
  private static final long SAY_EVERY_NS = TimeUnit.SECONDS.toNanos(5);
  private static final Buffer END = Buffer.buffer("\n");

  private final Vertx vertx;
  private final BusOptions options;
  private final Supplier<Announcement> own;
  private final BiConsumer<NetSocket, Announcement> heard;
  private final Consumer<NetSocket> closed;
  private final BusTransport transport;
  private final NetClient client;
  private final NetServer server;
  private final Set<NetSocket> open = new HashSet<>();

  /** Those over which something was heard. */
  private final Set<NetSocket> greeted = new HashSet<>();

  /** To whom a connection is there, or being made. */
  private final Set<String> dialled = new HashSet<>();

  /** Whom it was said of that they cannot be reached. */
  private final Set<String> unreachable = new HashSet<>();

  private long beats;
  private int refused;
  private long sayAgain = System.nanoTime();
  private boolean started;
  private boolean closing;

  /**
   * @param own what this member has to say of itself
   * @param heard takes what others say
   * @param closed told when a connection has ended
   */
  Links(
      Vertx vertx,
      BusOptions options,
      Supplier<Announcement> own,
      BiConsumer<NetSocket, Announcement> heard,
      Consumer<NetSocket> closed) {
    this.vertx = vertx;
    this.options = options;
    this.own = own;
    this.heard = heard;
    this.closed = closed;
    transport = new BusTransport(options);
    client = vertx.createNetClient(transport.membersClient());
    server = vertx.createNetServer(transport.membersServer());
  }

  /** Takes connections; completes when it does. A guest takes none. */
  Future<Void> listen() {
    if (options.isGuest()) {
      return Future.succeededFuture();
    }
    server.connectHandler(this::opened);
    server.exceptionHandler(this::refused);
    return server.listen(options.membersPort(), options.address()).mapEmpty();
  }

  /** A stranger that tries all the time must not fill the log. */
  private void refused(Throwable failure) {
    if (failure instanceof ClosedChannelException) {
      return; // it went away by itself
    }
    refused++;
    long now = System.nanoTime();
    if (now - sayAgain >= 0) {
      LOG.warn(
          "refused {} connections to the bus, the last one: {} (expected: with a certificate of the"
              + " authority of this cluster)",
          refused,
          failure.toString());
      refused = 0;
      sayAgain = now + SAY_EVERY_NS;
    }
  }

  /** Begins to make connections and to announce; before, this member only listens. */
  void start() {
    started = true;
    announce();
    dial();
    vertx.setPeriodic(
        BEAT_MS,
        timer -> {
          if (closing) {
            vertx.cancelTimer(timer);
            return;
          }
          announce();
          beats++;
          if (beats % DIAL_EVERY_BEATS == 0) {
            dial();
          }
        });
  }

  /** Tells all others what is true of this member now. */
  void announce() {
    if (!started) {
      return;
    }
    Buffer line = own.get().toLine().appendBuffer(END);
    open.forEach(socket -> tell(socket, line));
  }

  private static void tell(NetSocket socket, Buffer line) {
    if (!socket.writeQueueFull()) {
      socket.write(line).onFailure(failure -> LOG.debug("not told: {}", failure.toString()));
    }
  }

  private void dial() {
    for (ClusterHost host : options.hosts()) {
      if (!host.id().equals(options.hostId()) && dialled.add(host.id())) {
        client
            .connect(host.membersPort(), host.bareHost())
            .onSuccess(socket -> reached(host, socket))
            .onFailure(failure -> failed(host, failure));
      }
    }
  }

  private void reached(ClusterHost host, NetSocket socket) {
    opened(socket);
    socket.closeHandler(
        ended -> {
          dialled.remove(host.id());
          if (!greeted.contains(socket)) {
            unreachable(host, "connected, and nothing was heard; its log may say why");
          }
          ended(socket);
        });
  }

  private void failed(ClusterHost host, Throwable failure) {
    dialled.remove(host.id());
    // A client that is closed means that this Vert.x is closing and will leave the bus next.
    closing |= failure instanceof IllegalStateException;
    unreachable(host, failure.toString());
  }

  private void unreachable(ClusterHost host, String why) {
    if (!closing && unreachable.add(host.id())) {
      LOG.info(
          "{} is not to be reached on the bus at {}:{}: {}; tried again every second",
          host.id(),
          host.host(),
          host.membersPort(),
          why);
    }
  }

  private void opened(NetSocket socket) {
    if (closing) {
      close(socket);
      return;
    }
    open.add(socket);
    RecordParser lines =
        RecordParser.newDelimited("\n", line -> read(socket, line))
            .maxRecordSize(Announcement.BYTES_LIMIT);
    lines.exceptionHandler(failure -> refuse(socket, String.valueOf(failure.getMessage())));
    socket.handler(lines);
    socket.closeHandler(ended -> ended(socket));
    socket.exceptionHandler(failure -> LOG.debug("connection lost: {}", failure.toString()));
    if (started) {
      tell(socket, own.get().toLine().appendBuffer(END));
    }
  }

  private void read(NetSocket socket, Buffer line) {
    try {
      Announcement announcement = Announcement.parse(line);
      if (greeted.add(socket)) {
        unreachable.remove(announcement.hostId());
      }
      heard.accept(socket, announcement);
    } catch (IllegalArgumentException e) {
      refuse(socket, String.valueOf(e.getMessage()));
    }
  }

  private void refuse(NetSocket socket, String why) {
    LOG.warn("refused a member of the bus at {}: {}", socket.remoteAddress(), why);
    close(socket);
  }

  private void ended(NetSocket socket) {
    open.remove(socket);
    greeted.remove(socket);
    closed.accept(socket);
  }

  private static void close(NetSocket socket) {
    socket.close().onFailure(failure -> LOG.debug("not closed: {}", failure.toString()));
  }

  /** New connections are made with the certificates that are in force now. */
  Future<Void> renewCertificates() {
    return Future.all(
            options.isGuest()
                ? Future.succeededFuture()
                : server.updateSSLOptions(transport.serverTls(), true),
            client.updateSSLOptions(transport.clientTls()))
        .mapEmpty();
  }

  /** Ends all connections. */
  Future<Void> close() {
    closing = true;
    List<Future<?>> closes = new ArrayList<>();
    closes.add(client.close());
    if (!options.isGuest()) {
      closes.add(server.close());
    }
    return Future.join(closes).mapEmpty();
  }
}
