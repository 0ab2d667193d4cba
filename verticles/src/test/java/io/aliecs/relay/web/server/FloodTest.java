package io.aliecs.relay.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.WebOptions;
import io.aliecs.relay.web.WebSecurity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However many connections there are to the API: health and metrics are heard. */
class FloodTest {
  private static final int MOST = 20;
  private static final int FLOOD = 300;

  private final RunningWeb web =
      new RunningWeb(
          new WebOptions(
              "127.0.0.1",
              0,
              "127.0.0.1",
              0,
              "",
              List.of(),
              new WebSecurity(Optional.empty(), Optional.empty(), List.of(), MOST, MOST)));

  private final List<Socket> flood = new ArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (Socket socket : flood) {
      socket.close();
    }
    web.close();
  }

  private void flood(int port, String beginning) throws IOException {
    for (int i = 0; i < FLOOD; i++) {
      Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
      flood.add(socket);
      try {
        socket.getOutputStream().write(beginning.getBytes(StandardCharsets.ISO_8859_1));
      } catch (IOException closed) {
        // as it should be, for most
      }
    }
  }

  private double closed() {
    return web.registry.find("relay.http.connections.closed").counters().stream()
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  @Test
  void tooManyConnectionsToTheApiAreClosedCountedAndStarveNobody() throws IOException {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 7, true, "ITS");
    flood(web.web.listening().port(), "GET / HTTP/1.1\r\nX: ");
    assertThat(web.management("/health/live").statusCode()).isEqualTo(200);
    assertThat(web.get("/api/v1/runs").statusCode()).isEqualTo(200);
    await().until(() -> closed() >= FLOOD - 2 * MOST);
    assertThat(web.management("/metrics").body()).contains("relay_http_connections_closed_total");
  }

  @Test
  void aFloodOfTheManagementItselfMakesRoomForWhoAsks() throws IOException {
    flood(web.web.listening().managementPort(), "");
    flood(web.web.listening().managementPort(), "GET /health/live HTTP/1.1\r\n");
    for (int i = 0; i < 10; i++) {
      assertThat(web.management("/health/live").statusCode()).isEqualTo(200);
    }
  }
}
