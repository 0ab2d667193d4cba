package io.aliecs.relay.web.server;

import io.aliecs.relay.web.http.IpAddress;
import io.aliecs.relay.web.http.RequestCounters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server, bounded in number. One whose client sends no whole request in time
 * is closed, even when it sends a byte now and then, which an idle timeout does not notice. When
 * the bound is reached, the one that has kept us waiting longest makes room for a new one. For one
 * event loop.
 */
final class Connections {
  private static final int LOOKS = 12;
  private static final int LOOKS_FOR_THE_FIRST = 4;

  private final Vertx vertx;
  private final ConnectionLimits limits;
  private final RequestCounters counters;
  private final Map<HttpConnection, Client> clients = new HashMap<>();
  private final Map<String, Integer> byAddress = new HashMap<>();

  /** Those that keep us waiting, the longest first. */
  private final Map<HttpConnection, Client> waiting = new LinkedHashMap<>();

  private final long timer;
  private int silent;

  /** What one of them has sent, and how often it was found to keep us waiting for more. */
  private static final class Client {
    private final String address;
    private @Nullable HttpServerRequest request;
    private int waits;

    Client(String address) {
      this.address = address;
    }

    boolean keepsUsWaiting() {
      HttpServerRequest last = request;
      return last == null || !last.isEnded() || last.response().ended();
    }

    boolean isOverdue() {
      return waits > (request == null ? LOOKS_FOR_THE_FIRST : LOOKS);
    }
  }

  Connections(Vertx vertx, ConnectionLimits limits, RequestCounters counters) {
    this.vertx = vertx;
    this.limits = limits;
    this.counters = counters;
    this.timer = vertx.setPeriodic(Math.max(1, limits.patienceMs() / LOOKS), turn -> look());
  }

  /** Takes a new one, or closes it or another when there are too many. */
  void add(HttpConnection connection) {
    // Vert.x fails on a flood of requests, and would leave the connection open.
    connection.exceptionHandler(failure -> connection.close());
    String address = address(connection.remoteAddress());
    if (!address.isEmpty() && byAddress.getOrDefault(address, 0) >= limits.perAddress()) {
      close(connection, "address");
      return;
    }
    if (clients.size() >= limits.inAll() && !makeRoom("all")) {
      close(connection, "all");
      return;
    }
    if (silent >= limits.silent()) {
      makeRoom("silent");
    }
    Client client = new Client(address);
    clients.put(connection, client);
    waiting.put(connection, client);
    silent++;
    byAddress.merge(address, 1, Integer::sum);
    connection.closeHandler(closed -> remove(connection));
  }

  private boolean makeRoom(String reason) {
    for (HttpConnection longest : waiting.keySet()) {
      remove(longest);
      close(longest, reason);
      return true;
    }
    return false;
  }

  private void close(HttpConnection connection, String reason) {
    counters.closed(reason);
    connection.close();
  }

  private void remove(HttpConnection connection) {
    Client client = clients.remove(connection);
    waiting.remove(connection);
    if (client != null) {
      silent -= client.request == null ? 1 : 0;
      byAddress.computeIfPresent(client.address, (address, n) -> n == 1 ? null : n - 1);
    }
  }

  /** Notes a request of one, complete but for its body. */
  void requested(HttpServerRequest request) {
    Client client = clients.get(request.connection());
    if (client != null) {
      silent -= client.request == null ? 1 : 0;
      client.request = request;
      client.waits = 0;
      waiting.remove(request.connection());
    }
  }

  private void look() {
    for (Map.Entry<HttpConnection, Client> entry : Set.copyOf(clients.entrySet())) {
      Client client = entry.getValue();
      if (client.keepsUsWaiting()) {
        client.waits++;
        waiting.putIfAbsent(entry.getKey(), client);
      } else {
        client.waits = 0;
        waiting.remove(entry.getKey());
      }
      if (client.isOverdue()) {
        entry.getKey().close(); // once what it was sent has gone out
      }
    }
  }

  /** The address that is counted; empty for loopback. */
  private static String address(@Nullable SocketAddress remote) {
    IpAddress address = IpAddress.of(remote);
    return address.isLoopback() ? "" : address.digits();
  }

  /** Stops watching them; closes none. */
  void forget() {
    vertx.cancelTimer(timer);
    List.of(clients, waiting, byAddress).forEach(Map::clear);
  }
}
