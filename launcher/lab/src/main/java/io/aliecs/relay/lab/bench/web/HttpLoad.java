package io.aliecs.relay.lab.bench.web;

import io.aliecs.relay.lab.bench.figures.Histogram;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Asks one URL again and again on some connections, each as soon as it has its answer: a process of
 * its own. It counts bytes instead of reading HTTP, so that it is not what is measured; every
 * answer must be as long as the first.
 *
 * <p>Arguments: port, path, connections, ms. Prints the answers, then a line of their nanoseconds
 * in the buckets of {@link Histogram}.
 */
public final class HttpLoad {
  private final Buffer request;
  private final long forNanos;
  private final List<Connection> connected = new ArrayList<>();
  private final CountDownLatch open;
  private final Histogram histogram = new Histogram();
  private long answers;
  private long endNanos;

  private HttpLoad(String path, int connections, long forMs) {
    String text = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
    request = Buffer.buffer(text);
    open = new CountDownLatch(connections);
    forNanos = TimeUnit.MILLISECONDS.toNanos(forMs);
  }

  public static void main(String[] arguments) throws Exception {
    int connections = Integer.parseInt(arguments[2]);
    HttpLoad load = new HttpLoad(arguments[1], connections, Long.parseLong(arguments[3]));
    Vertx vertx = Vertx.vertx();
    int port = Integer.parseInt(arguments[0]);
    NetClientOptions options = new NetClientOptions().setTcpNoDelay(true);
    vertx.runOnContext( // all on one event loop
        turn -> {
          NetClient client = vertx.createNetClient(options);
          for (int i = 0; i < connections; i++) {
            client
                .connect(port, "127.0.0.1")
                .onSuccess(socket -> load.connected(load.new Connection(socket), connections))
                .onFailure(failure -> load.fail(failure.toString()));
          }
        });
    load.open.await();
    System.out.println(load.answers);
    System.out.println(load.histogram.encoded());
    System.exit(0);
  }

  /** Begins once all are connected. */
  private void connected(Connection connection, int expected) {
    connected.add(connection);
    if (connected.size() == expected) {
      endNanos = System.nanoTime() + forNanos;
      connected.forEach(Connection::ask);
    }
  }

  private void fail(String why) {
    System.err.println(why);
    System.exit(1);
  }

  /** One connection; asks on. */
  private final class Connection {
    private final NetSocket socket;
    private long askedAt;
    private int length;
    private int received;
    private Buffer first = Buffer.buffer();

    Connection(NetSocket socket) {
      this.socket = socket;
      socket.handler(this::received);
      socket.closeHandler(closed -> fail("the server hung up"));
    }

    void ask() {
      askedAt = System.nanoTime();
      if (askedAt >= endNanos) {
        socket.closeHandler(null);
        open.countDown();
      } else {
        received = 0;
        socket.write(request).onFailure(failure -> fail(failure.toString()));
      }
    }

    private void received(Buffer bytes) {
      if (length == 0) {
        first.appendBuffer(bytes);
        length = lengthOf(first.toString(StandardCharsets.ISO_8859_1));
        received = length == 0 ? 0 : first.length() - bytes.length();
      }
      if (length > 0) {
        received += bytes.length();
        if (received == length) {
          answers++;
          histogram.add(System.nanoTime() - askedAt);
          ask();
        } else if (received > length) {
          fail("an answer of another length");
        }
      }
    }

    /** Of head and body, or 0 while the head is not whole. */
    private int lengthOf(String text) {
      int end = text.indexOf("\r\n\r\n");
      if (end < 0) {
        return 0;
      }
      if (!text.startsWith("HTTP/1.1 200")) {
        fail(text.substring(0, end));
      }
      String name = "content-length: ";
      int at = text.indexOf(name) + name.length();
      return end + 4 + Integer.parseInt(text.substring(at, text.indexOf("\r\n", at)));
    }
  }
}
