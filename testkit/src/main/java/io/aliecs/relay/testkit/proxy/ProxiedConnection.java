package io.aliecs.relay.testkit.proxy;

import io.vertx.core.Future;
import io.vertx.core.net.NetSocket;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One client of a {@link TcpProxy} with its connection to the target. For the event loop only. */
final class ProxiedConnection {
  private final NetSocket client;
  private final Supplier<Future<NetSocket>> connect;
  private final Wire wire;
  private final Consumer<ProxiedConnection> onClosed;

  private @Nullable NetSocket target;
  private @Nullable ProxyPipe toTarget;
  private @Nullable ProxyPipe toClient;
  private boolean connecting;
  private boolean closed;

  ProxiedConnection(
      NetSocket client,
      Supplier<Future<NetSocket>> connect,
      Wire wire,
      Consumer<ProxiedConnection> onClosed) {
    this.client = client;
    this.connect = connect;
    this.wire = wire;
    this.onClosed = onClosed;
  }

  /** Connects to the target, now or, while the wire is held, once it is healed. */
  void open() {
    client.pause();
    goOn();
  }

  /** Takes up what waited for the wire. */
  void goOn() {
    if (wire.isHeld() || closed) {
      return;
    }
    if (toTarget != null && toClient != null) {
      toTarget.pump();
      toClient.pump();
    } else if (!connecting) {
      connecting = true;
      connect.get().onComplete(this::connected, refused -> cut());
    }
  }

  /** Closes both sides at once. */
  void cut() {
    if (closed) {
      return;
    }
    closed = true;
    client.close();
    if (target != null) {
      target.close();
    }
    onClosed.accept(this);
  }

  private void connected(NetSocket socket) {
    target = socket;
    if (closed) {
      socket.close();
      return;
    }
    toTarget = new ProxyPipe(client, socket, Wire.Direction.TO_TARGET, wire, this::cut);
    toClient = new ProxyPipe(socket, client, Wire.Direction.TO_CLIENT, wire, this::cut);
    toTarget.start();
    toClient.start();
  }
}
