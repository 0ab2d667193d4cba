package io.aliecs.relay.host.runs;

import io.aliecs.relay.host.api.RelayApi;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Follows the active runs through the live stream, over lost connections, until interrupted or not
 * looked at any more. Each change is taken from the interface anew, so that what is shown is whole
 * whatever was missed.
 */
final class RunsWatch {
  private static final String RUNS = "/api/v1/runs";
  private static final long RETRY_MS = 1_000;
  private static final long TICK_MS = 1_000;

  /** There is a heartbeat at least every 15 s, see {@code StreamOptions}. */
  private static final long SILENCE_MS = 40_000;

  private final RelayApi relay;
  private final Screen screen;
  private final BooleanSupplier unread;
  private @Nullable JsonObject answer;
  private long answeredAt;

  interface Screen {
    /** Shows an answer; called every second, {@code changed} when it may be another one. */
    void show(JsonObject answer, boolean changed);

    /**
     * Shows that nothing new is known.
     *
     * @param ageMs age of the last answer in ms, −1 when there was none
     */
    void lost(String reason, long ageMs);
  }

  /** What the thread that reads the stream receives. */
  private enum Signal {
    CHANGE,
    HEARTBEAT,
    END
  }

  /** {@code unread}: whether nobody reads any more what is shown. */
  RunsWatch(RelayApi relay, Screen screen, BooleanSupplier unread) {
    this.relay = relay;
    this.screen = screen;
    this.unread = unread;
  }

  /**
   * The active runs as they are now.
   *
   * @throws IOException when there is no relay at that address, or it cannot answer yet; the
   *     message says which
   */
  static JsonObject runs(RelayApi relay) throws IOException, InterruptedException {
    JsonObject answer = relay.get(RUNS);
    if (!answer.containsKey("runs")) {
      throw new IOException(RUNS + ": no runs in the answer (expected: a relay, see --url)");
    }
    return answer;
  }

  void run() throws InterruptedException {
    while (!unread.getAsBoolean()) {
      try {
        follow();
      } catch (IOException e) {
        long age = answer == null ? -1 : System.currentTimeMillis() - answeredAt;
        screen.lost(String.valueOf(e.getMessage()), age);
        Thread.sleep(RETRY_MS);
      }
    }
  }

  private void follow() throws IOException, InterruptedException {
    BlockingQueue<Signal> signals = new ArrayBlockingQueue<>(64);
    try (Stream<String> lines = relay.lines(RUNS + "/stream")) {
      Thread reader = new Thread(() -> read(lines, signals), "relay-runs-stream");
      reader.setDaemon(true);
      reader.start();
      ask();
      long last = System.nanoTime();
      while (!unread.getAsBoolean()) {
        Signal next = signals.poll(TICK_MS, TimeUnit.MILLISECONDS);
        if (next == Signal.END) {
          throw new IOException("the stream has ended");
        }
        if (next != null) {
          last = System.nanoTime();
        } else if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - last) > SILENCE_MS) {
          throw new IOException("the stream is silent");
        }
        if (next == Signal.CHANGE) {
          signals.removeIf(Signal.CHANGE::equals);
          ask();
        } else if (answer != null) {
          screen.show(answer, false);
        }
      }
    }
  }

  private void ask() throws IOException, InterruptedException {
    JsonObject now = runs(relay);
    answer = now;
    answeredAt = System.currentTimeMillis();
    screen.show(now, true);
  }

  private static void read(Stream<String> lines, BlockingQueue<Signal> signals) {
    try {
      lines
          .filter(line -> line.startsWith("event:") || line.startsWith(":"))
          .map(line -> line.startsWith(":") ? Signal.HEARTBEAT : Signal.CHANGE)
          .forEach(
              signal -> {
                // What does not fit is behind a change that is not taken yet: nothing is missed.
                boolean unused = signals.offer(signal);
              });
    } catch (RuntimeException e) {
      // The end of the connection is an end like any other.
    } finally {
      signals.clear();
      signals.add(Signal.END);
    }
  }
}
