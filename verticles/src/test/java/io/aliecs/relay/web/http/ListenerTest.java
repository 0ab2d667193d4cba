package io.aliecs.relay.web.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.web.RunningWeb;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that do not get on, against a server with little patience. */
class ListenerTest {
  private static final long PATIENCE_MS = 300;
  private static final String WHOLE = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger handled = new AtomicInteger();

  @AfterEach
  void close() {
    RunningWeb.await(vertx.close());
  }

  private Socket connect(Handler<HttpServerRequest> handler) throws IOException {
    return connect(handler, PATIENCE_MS);
  }

  private Socket connect(Handler<HttpServerRequest> handler, long patienceMs) throws IOException {
    Replies replies = new Replies(new RequestCounters(new SimpleMeterRegistry(), "test"));
    Listener listener =
        RunningWeb.await(
            Listener.listen(
                vertx,
                "test",
                "127.0.0.1",
                0,
                request -> {
                  handled.incrementAndGet();
                  handler.handle(request);
                },
                replies,
                patienceMs));
    return connect(listener.port());
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
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
      send(slow, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
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
}
