package io.aliecs.relay.web.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.RequestCounters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clients that do not get on, against a server with little patience. */
@ExtendWith(VertxExtension.class)
class ListenerTest {
  private static final long PATIENCE_MS = 300;
  private static final String WHOLE = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private Vertx vertx;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicInteger handled = new AtomicInteger();

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
  }

  private Socket connect(Handler<HttpServerRequest> handler) throws IOException {
    return connect(handler, PATIENCE_MS);
  }

  private Socket connect(Handler<HttpServerRequest> handler, long patienceMs) throws IOException {
    return connect(listen(handler, new ConnectionLimits(1_000, 1_000, 1_000, patienceMs)).port());
  }

  private Listener listen(Handler<HttpServerRequest> handler, ConnectionLimits limits) {
    return Listener.listen(
            vertx,
            new Listener.Address("test", "127.0.0.1", 0, Optional.empty()),
            limits,
            RequestGuard.of("127.0.0.1", List.of(), List.of()),
            request -> {
              handled.incrementAndGet();
              handler.handle(request);
            },
            new Replies(new RequestCounters(registry, "test")))
        .await();
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Whether the other side has hung up, after one more byte of the client. */
  private static Callable<Boolean> hungUpAfter(Socket socket, String byteMore) {
    return () -> {
      try {
        send(socket, byteMore);
        return false;
      } catch (SocketException gone) {
        return true;
      }
    };
  }

  @Test
  void hangsUpOnAClientThatSendsItsHeadByteByByte() throws IOException {
    try (Socket slow = connect(request -> request.response().end())) {
      send(slow, "GET / HTTP/1.1\r\nX: ");
      await().until(hungUpAfter(slow, "x"));
    }
    assertThat(handled).hasValue(0);
  }

  @Test
  void hangsUpOnAClientThatSendsItsNextHeadByteByByte() throws IOException {
    try (Socket slow = connect(request -> request.response().end())) {
      send(slow, WHOLE + "GET / HTTP/1.1\r\nX: ");
      await().until(hungUpAfter(slow, "x"));
    }
    assertThat(handled).hasValue(1);
  }

  @Test
  void hangsUpOnAClientThatSendsItsBodyByteByByte() throws IOException {
    try (Socket slow =
        connect(request -> request.body().onSuccess(b -> request.response().end()))) {
      send(slow, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n");
      await().until(hungUpAfter(slow, "x"));
    }
    assertThat(handled).hasValue(1);
  }

  @Test
  void hangsUpOnAClientThatSaysNothing() throws IOException {
    try (Socket silent = connect(request -> request.response().end())) {
      assertThat(silent.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void waitsForItsOwnAnswerLongerThanForAClient() throws IOException {
    try (Socket socket =
        connect(
            request ->
                vertx.setTimer(3 * PATIENCE_MS, timer -> request.response().end("an answer")))) {
      send(socket, WHOLE.replace("1.1", "1.0"));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("an answer");
    }
  }

  @Test
  void waitsForAClientThatReadsSlowly() throws IOException {
    Buffer large = Buffer.buffer(new byte[32 * 1024 * 1024]);
    try (Socket socket = connect(request -> request.response().end(large))) {
      send(socket, WHOLE);
      InputStream in = socket.getInputStream();
      long read = in.readNBytes(1_000).length;
      try (Socket silent = connect(socket.getPort())) { // longer than any patience
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }
      try (Socket silent = connect(socket.getPort())) {
        assertThat(silent.getInputStream().read()).isEqualTo(-1);
      }
      for (int bytes = 0; bytes >= 0 && read < large.length(); read += Math.max(0, bytes)) {
        bytes = in.read(new byte[65_536]);
      }
      assertThat(read).isGreaterThanOrEqualTo(large.length());
    }
  }

  @Test
  void handlesNoMoreOfAClientThatDoesNotReadUntilItDoes() throws IOException {
    int requests = 120;
    int size = 256 * 1024;
    Buffer large = Buffer.buffer(new byte[size]);
    try (Socket socket = connect(request -> request.response().end(large), 30_000)) {
      int port = socket.getPort();
      send(socket, WHOLE.repeat(requests));
      for (int i = 0; i < 50; i++) { // the event loop turns meanwhile, and serves others
        try (Socket other = connect(port)) {
          send(other, WHOLE.replace("1.1", "1.0"));
          other.getInputStream().readAllBytes();
        }
      }
      assertThat(handled.get() - 50).isBetween(1, 60);

      InputStream in = socket.getInputStream();
      byte[] read = new byte[65_536];
      for (long left = (long) requests * size; left > 0; ) {
        int bytes = in.read(read);
        assertThat(bytes).isPositive();
        left -= bytes;
      }
      assertThat(handled).hasValue(requests + 50);
    }
  }

  @Test
  void hangsUpOnAClientThatAsksMoreThanItWaitsFor() throws IOException {
    try (Socket flood = connect(request -> {})) {
      send(flood, WHOLE.repeat(Listener.MAX_PIPELINED + 1));
      assertThat(flood.getInputStream().read()).isEqualTo(-1);
      try (Socket other = connect(flood.getPort())) {
        send(other, WHOLE.repeat(Listener.MAX_PIPELINED));
        await().until(() -> handled.get() > 1);
      }
    }
  }

  @Test
  void aFloodOfHalfSentHeadsIsBoundedAndOthersAreServed() throws IOException {
    ConnectionLimits limits = new ConnectionLimits(200, 200, 50, 30_000);
    int port = listen(request -> request.response().end(), limits).port();
    List<Socket> flood = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Socket half = connect(port);
      flood.add(half);
      try {
        send(half, "GET / HTTP/1.1\r\nX: " + "x".repeat(4_000));
      } catch (SocketException closed) {
        // as it should be, for some
      }
    }
    try (Socket other = connect(port)) {
      send(other, WHOLE.replace("1.1", "1.0"));
      assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.0 200");
    }
    await().until(() -> closed("silent") >= 350);
    for (Socket half : flood) {
      half.close();
    }
  }

  @Test
  void idleConnectionsMakeRoomForNewOnes() throws IOException {
    ConnectionLimits limits = new ConnectionLimits(20, 20, 20, 1_200);
    int port = listen(request -> request.response().end(), limits).port();
    List<Socket> idle = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      Socket socket = connect(port);
      idle.add(socket);
      send(socket, WHOLE);
      assertThat(socket.getInputStream().read()).as("answer " + i).isEqualTo('H');
      if (i % 20 == 19) {
        int seen = i;
        await("found idle").until(() -> isFoundIdle(port) || seen < 0);
      }
    }
    for (Socket socket : idle) {
      socket.close();
    }
  }

  /** Whether one more gets an answer: then another one has made room for it. */
  private static boolean isFoundIdle(int port) {
    try (Socket socket = connect(port)) {
      send(socket, WHOLE.replace("1.1", "1.0"));
      return socket.getInputStream().read() == 'H';
    } catch (IOException closed) {
      return false;
    }
  }

  private double closed(String reason) {
    return registry.get("relay.http.connections.closed").tag("reason", reason).counter().count();
  }
}
