package io.aliecs.relay.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.testkit.FreePort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebVerticleTest {
  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  private WebVerticle another(int port, int managementPort) {
    return new WebVerticle(
        new WebOptions("127.0.0.1", port, "127.0.0.1", managementPort), web.registry, List.of());
  }

  @Test
  void saysThatAPortIsTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> web.vertx.deployVerticle(another(port, 0)).await())
          .rootCause()
          .isInstanceOf(java.net.BindException.class);
      assertThatThrownBy(() -> web.vertx.deployVerticle(another(port, 0)).await())
          .hasStackTraceContaining(
              "http: 127.0.0.1:" + port + " is taken (expected: a free port; set http.port)");
      assertThatThrownBy(() -> web.vertx.deployVerticle(another(0, port)).await())
          .hasStackTraceContaining(
              "management: 127.0.0.1:"
                  + port
                  + " is taken (expected: a free port; set management.port)");
    }
  }

  @Test
  void leavesNothingOpenWhenItCannotStart() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = FreePort.find();
      assertThatThrownBy(
              () -> web.vertx.deployVerticle(another(port, taken.getLocalPort())).await())
          .hasStackTraceContaining("management.port");
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void saysThatAnAddressIsNotOurs() {
    WebVerticle elsewhere =
        new WebVerticle(new WebOptions("192.0.2.1", 0, "127.0.0.1", 0), web.registry, List.of());
    assertThatThrownBy(() -> web.vertx.deployVerticle(elsewhere).await())
        .hasStackTraceContaining("http: 192.0.2.1:0 cannot be bound: ")
        .hasStackTraceContaining("set http.host");
  }

  @Test
  void closesBothServersWhenItStops() {
    int http = web.web.listening().port();
    int management = web.web.listening().managementPort();
    web.get("/api/v1/runs");
    web.undeploy();

    for (int port : new int[] {http, management}) {
      assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
          .isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void asksForTheStateUntilTheJournalIsUp() {
    AtomicInteger asked = new AtomicInteger();
    web.vertx
        .eventBus()
        .localConsumer(
            BusAddresses.HOST_STATE,
            message -> {
              if (asked.incrementAndGet() < 3) {
                message.fail(FailureCode.NOT_READY.code(), "replaying");
              } else {
                message.reply(
                    new HostState(
                        new StateChanged(7, RelayState.EMPTY, Set.of(), 1),
                        new Leadership(false, 0, "")),
                    LocalRecords.LOCAL);
              }
            });

    await().until(() -> web.get("/api/v1/runs").statusCode() == 200);

    assertThat(web.json("/api/v1/runs").getLong("journalIndex")).isEqualTo(7);
    assertThat(asked).hasValue(3);
  }

  @Test
  void keepsTheNewerState() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 1, true, "ITS");
    web.publish(
        BusAddresses.ENVIRONMENT_CHANGED, new StateChanged(1, RelayState.EMPTY, Set.of(), 1));
    web.leader(true, "host-1");

    assertThat(web.json("/api/v1/runs").getJsonArray("runs")).hasSize(1);
  }

  @Test
  void hasNoPortBeforeItStarts() {
    assertThatThrownBy(() -> another(0, 0).listening()).isInstanceOf(IllegalStateException.class);
  }
}
