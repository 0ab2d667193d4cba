package io.aliecs.relay.web.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The connections of a server. One whose client sends no whole request in time is closed, even when
 * it sends a byte now and then, which an idle timeout does not notice. For one event loop.
 */
final class Connections {
  private static final int LOOKS = 10;

  private final Vertx vertx;
  private final Map<HttpConnection, Client> clients = new HashMap<>();
  private final long timer;

  /** What one of them has sent, and how often it was found to have us wait for more. */
  private static final class Client {
    private @Nullable HttpServerRequest request;
    private int waits;

    boolean letsUsWait() {
      HttpServerRequest last = request;
      return last == null || !last.isEnded() || last.response().ended();
    }
  }

  /**
   * None yet.
   *
   * @param patienceMs how long a client may take for a request, from its connection or its last
   *     answer on; up to a tenth more is not noticed
   */
  Connections(Vertx vertx, long patienceMs) {
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(Math.max(1, patienceMs / LOOKS), turn -> look());
  }

  /** Takes a new one. */
  void add(HttpConnection connection) {
    clients.put(connection, new Client());
    connection.closeHandler(closed -> clients.remove(connection));
    // Vert.x stumbles over a flood of requests, and would leave the connection open.
    connection.exceptionHandler(failure -> connection.close());
  }

  /** Takes a request of one, complete but for its body. */
  void heard(HttpServerRequest request) {
    Client client = clients.get(request.connection());
    if (client != null) {
      client.request = request;
      client.waits = 0;
    }
  }

  private void look() {
    for (Map.Entry<HttpConnection, Client> entry : List.copyOf(clients.entrySet())) {
      Client client = entry.getValue();
      client.waits = client.letsUsWait() ? client.waits + 1 : 0;
      if (client.waits > LOOKS) {
        entry.getKey().close(); // once what it was sent has gone out
      }
    }
  }

  /** Looks at them no longer; closes none. */
  void forget() {
    vertx.cancelTimer(timer);
    clients.clear();
  }
}
