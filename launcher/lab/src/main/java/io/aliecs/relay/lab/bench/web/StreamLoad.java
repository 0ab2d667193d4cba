package io.aliecs.relay.lab.bench.web;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * Many clients of the live stream: a process of its own. Arguments: port, clients.
 *
 * <p>Prints {@code ready} once all have the first event, then for each journal index that all have
 * reached a line: the index, and {@link System#nanoTime} of each client. That clock is the same in
 * all processes of a Linux host. For one event loop.
 */
public final class StreamLoad {
  private static final int AT_ONCE = 200;
  private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
  private static final String REQUEST =
      "GET /api/v1/runs/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";

  private final Vertx vertx;
  private final int port;
  private final int clients;
  private final Map<Long, long[]> seen = new TreeMap<>();
  private final Map<Long, Integer> counts = new TreeMap<>();
  private final NetClient client;
  private int asked;
  private int begun;

  private StreamLoad(Vertx vertx, int port, int clients) {
    this.vertx = vertx;
    this.port = port;
    this.clients = clients;
    this.client = vertx.createNetClient(new NetClientOptions().setReceiveBufferSize(32_768));
  }

  /** Runs until it is killed. */
  public static void main(String[] arguments) {
    Vertx vertx = Vertx.vertx();
    int port = Integer.parseInt(arguments[0]);
    int clients = Integer.parseInt(arguments[1]);
    vertx.runOnContext(
        turn -> {
          StreamLoad load = new StreamLoad(vertx, port, clients);
          for (int i = 0; i < AT_ONCE; i++) {
            load.connect();
          }
        });
  }

  private void connect() {
    if (asked == clients) {
      return;
    }
    asked++;
    client
        .connect(port, "127.0.0.1")
        .onSuccess(
            socket -> {
              socket.handler(new Reader()::read);
              socket.closeHandler(closed -> fail("the relay hung up"));
              socket.write(REQUEST).onFailure(failure -> fail(failure.toString()));
            })
        .onFailure(failure -> fail(failure.toString()));
  }

  private void fail(String why) {
    System.err.println(why + ", " + begun + " clients had begun");
    System.exit(1);
  }

  private void begun() {
    begun++;
    if (begun == clients) {
      vertx.setTimer(1_000, timer -> System.out.println("ready")); // once all is quiet
    }
    connect();
  }

  private void reached(long index) {
    int count = counts.merge(index, 1, Integer::sum);
    seen.computeIfAbsent(index, key -> new long[clients])[count - 1] = System.nanoTime();
    if (count == clients) {
      StringBuilder line = new StringBuilder().append(index);
      for (long nanos : seen.remove(index)) {
        line.append(' ').append(nanos);
      }
      System.out.println(line);
    }
  }

  /** Finds the ids of events in what one client gets. */
  private final class Reader {
    private boolean first = true;

    void read(Buffer bytes) {
      long index = lastId(bytes.getBytes());
      if (index < 0) {
        return;
      }
      if (first) {
        first = false;
        begun();
      } else {
        reached(index);
      }
    }

    private long lastId(byte[] text) {
      for (int i = 0; i + ID.length < text.length; i++) {
        if (text[i] == 'i' && text[i + 1] == 'd' && text[i + 2] == ':' && text[i + 3] == ' ') {
          long number = 0;
          for (int at = i + ID.length; at < text.length && Character.isDigit(text[at]); at++) {
            number = number * 10 + text[at] - '0';
          }
          return number;
        }
      }
      return -1;
    }
  }
}
