package io.aliecs.relay.testkit.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.KafkaClients;
import io.aliecs.relay.testkit.PortTakenException;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.aliecs.relay.testkit.kafka.KafkaOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
class TcpProxyTest {
  private ServerSocket echo;
  private TcpProxy proxy;

  @BeforeEach
  void startEcho() throws IOException {
    echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread acceptor = new Thread(this::serveEchoes, "echo");
    acceptor.setDaemon(true);
    acceptor.start();
    proxy = TcpProxy.start("127.0.0.1", echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void forwardsBothWaysWhateverTheSize() throws Exception {
    byte[] sent = new byte[3_000_000];
    new Random(1).nextBytes(sent);
    try (Socket socket = connect()) {
      CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(socket, sent));
      assertThat(socket.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
      writing.get(60, TimeUnit.SECONDS);
      assertThat(proxy.openConnections()).isEqualTo(1);
    }
    await().until(() -> proxy.openConnections() == 0);
  }

  @Test
  void delaysEachWay() throws Exception {
    try (Socket socket = connect()) {
      assertThat(quickest(socket)).isLessThan(Duration.ofMillis(150));
      proxy.delay(Duration.ofMillis(100));
      assertThat(quickest(socket)).isBetween(Duration.ofMillis(200), Duration.ofMillis(800));
      proxy.heal();
      assertThat(quickest(socket)).isLessThan(Duration.ofMillis(150));
    }
  }

  @Test
  void throttles() throws Exception {
    proxy.throttle(100_000);
    byte[] sent = new byte[50_000];
    try (Socket socket = connect()) {
      long start = System.nanoTime();
      write(socket, sent);
      assertThat(socket.getInputStream().readNBytes(sent.length)).hasSize(sent.length);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(480), Duration.ofSeconds(30));
    }
  }

  @Test
  void cutsAndLetsNewOnesThrough() throws Exception {
    try (Socket socket = connect()) {
      roundTrip(socket);
      proxy.cut();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      assertThat(proxy.openConnections()).isZero();
    }
    try (Socket socket = connect()) {
      roundTrip(socket);
    }
  }

  @RepeatedTest(20)
  void refusesUntilHealed() throws Exception {
    try (Socket socket = connect()) {
      roundTrip(socket);
      proxy.refuse();
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
    assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
    proxy.heal();
    try (Socket socket = connect()) {
      roundTrip(socket);
    }
  }

  @Test
  void isSilentWhileHalfOpenAndDeliversOnceHealed() throws Exception {
    try (Socket before = connect()) {
      roundTrip(before);
      proxy.halfOpen();
      try (Socket during = connect()) {
        for (Socket socket : List.of(before, during)) {
          write(socket, new byte[] {7});
          socket.setSoTimeout(200);
          assertThatThrownBy(() -> socket.getInputStream().read())
              .isInstanceOf(SocketTimeoutException.class);
        }
        proxy.heal();
        for (Socket socket : List.of(before, during)) {
          socket.setSoTimeout(60_000);
          assertThat(socket.getInputStream().read()).isEqualTo(7);
        }
      }
    }
  }

  @Test
  void stopsTheWriterWhenTheReaderDoesNotRead() throws Exception {
    proxy.halfOpen();
    AtomicLong written = new AtomicLong();
    AtomicLong last = new AtomicLong();
    try (Socket socket = connect()) {
      Thread writer = new Thread(() -> writeForEver(socket, written), "writer");
      writer.start();
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(60))
          .until(written::get, now -> now > 0 && last.getAndSet(now) == now);
      assertThat(written.get()).isLessThan(32_000_000);
    }
  }

  @Test
  void closesTheClientWhenNothingListensAtTheTarget() throws Exception {
    try (TcpProxy toNobody = TcpProxy.start("127.0.0.1", FreePort.find());
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), toNobody.port())) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void saysWhichPortIsTaken() {
    assertThatThrownBy(() -> TcpProxy.start(proxy.port(), "127.0.0.1", 1))
        .isInstanceOf(PortTakenException.class)
        .hasMessageContaining(String.valueOf(proxy.port()));
  }

  @Test
  void carriesKafkaThatAdvertisesIt(@TempDir Path dir) throws Exception {
    int broker = FreePort.find();
    try (TcpProxy between = TcpProxy.start("127.0.0.1", broker);
        EmbeddedKafka kafka =
            EmbeddedKafka.start(KafkaOptions.in(dir).onPort(broker).advertising(between.port()))) {
      assertThat(kafka.port()).isEqualTo(broker);
      KafkaClients.createTopic(between.address(), "through");
      between.delay(Duration.ofMillis(20));
      KafkaClients.send(between.address(), "through", List.of("late"));
      between.cut();
      assertThat(KafkaClients.read(between.address(), "through", 1)).containsExactly("late");
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** The one round trip of some that the machine held up least. */
  private static Duration quickest(Socket socket) throws IOException {
    Duration quickest = roundTrip(socket);
    for (int i = 1; i < 5; i++) {
      Duration next = roundTrip(socket);
      quickest = next.compareTo(quickest) < 0 ? next : quickest;
    }
    return quickest;
  }

  private static Duration roundTrip(Socket socket) throws IOException {
    long start = System.nanoTime();
    write(socket, new byte[] {1});
    assertThat(socket.getInputStream().read()).isEqualTo(1);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(bytes);
      out.flush();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void writeForEver(Socket socket, AtomicLong written) {
    byte[] chunk = new byte[65_536];
    try {
      while (true) {
        socket.getOutputStream().write(chunk);
        written.addAndGet(chunk.length);
      }
    } catch (IOException closed) {
      // The end of the test.
    }
  }

  private void serveEchoes() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread echoing = new Thread(() -> echo(socket));
        echoing.setDaemon(true);
        echoing.start();
      }
    } catch (IOException closed) {
      // The end of the test.
    }
  }

  private static void echo(Socket socket) {
    try (socket;
        InputStream in = socket.getInputStream()) {
      socket.setTcpNoDelay(true);
      in.transferTo(socket.getOutputStream());
    } catch (IOException closed) {
      // The client went away.
    }
  }
}
