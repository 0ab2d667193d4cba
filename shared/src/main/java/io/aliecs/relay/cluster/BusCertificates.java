package io.aliecs.relay.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import java.lang.reflect.Field;

/**
 * Puts certificates that are reread, and the check of addresses, into a bus that is started.
 *
 * <p>Vert.x has no way to do that: its bus keeps server and client to itself, and turns its options
 * into JSON before it uses them, in which key and trust managers get lost. So the two are taken out
 * of it; when another version of Vert.x calls them otherwise, the bus does not start.
 */
final class BusCertificates {
  private final NetServer server;
  private final NetClient client;
  private final BusTransport transport;

  private BusCertificates(NetServer server, NetClient client, BusTransport transport) {
    this.server = server;
    this.client = client;
    this.transport = transport;
  }

  /**
   * Finds server and client of a bus that listens.
   *
   * @throws IllegalStateException when this Vert.x is not built that way
   */
  static BusCertificates of(Vertx vertx, BusTransport transport) {
    Object bus = vertx.eventBus();
    return new BusCertificates(
        field(bus, "server", NetServer.class), field(bus, "client", NetClient.class), transport);
  }

  private static <T> T field(Object bus, String name, Class<T> type) {
    try {
      Field field = bus.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return type.cast(field.get(bus));
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalStateException(
          bus.getClass().getName()
              + ": no "
              + name
              + " in it (expected: Vert.x 5.0): certificates cannot be put in place",
          e);
    }
  }

  /** New connections are made with the certificates that are in force now, none is resumed. */
  Future<Void> renew() {
    return Future.all(
            server.updateSSLOptions(transport.serverTls(), true),
            client.updateSSLOptions(transport.clientTls(), true))
        .mapEmpty();
  }
}
