package io.aliecs.relay.web.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The clients of the live stream: their limit, which are slow, and the end of those that stay so.
 * For one event loop.
 */
final class StreamClients {
  private static final int CLIENTS_A_TURN = 500;
  private static final long LAST_WORDS_MS = 1_000;
  private static final String SLOW = "slow";
  private static final String CROWDED = "crowded";
  private static final String STOP = "stop";

  private final Vertx vertx;
  private final StreamOptions options;
  private final MeterRegistry registry;
  private final Set<StreamClient> clients = new LinkedHashSet<>();
  private final Gauge gauge;

  /** Those that are slow and hold more than what they were given when they came. */
  private final Set<StreamClient> slow = new HashSet<>();

  private volatile int size;

  StreamClients(Vertx vertx, StreamOptions options, MeterRegistry registry) {
    this.vertx = vertx;
    this.options = options;
    this.registry = registry;
    this.gauge =
        Gauge.builder("relay.http.stream.clients", this, all -> all.size)
            .description("Clients of the live stream")
            .register(registry);
    List.of(SLOW, CROWDED, STOP).forEach(this::cut); // to be seen at 0, before the first
  }

  boolean isEmpty() {
    return clients.isEmpty();
  }

  /** Whether their limit is reached. */
  boolean isFull() {
    return clients.size() >= options.maxClients();
  }

  /**
   * Takes one more.
   *
   * @param caughtUp called when it was slow and has taken what was waiting for it
   */
  void add(StreamClient client, Runnable caughtUp) {
    clients.add(client);
    size = clients.size();
    client.watch(
        () -> leave(client),
        () -> {
          client.settle();
          if (client.isSlow()) {
            notSlow(client);
            caughtUp.run();
          }
        });
  }

  /** Sends what brings a client up to that point; one that takes nothing becomes slow instead. */
  void advance(StreamClient client, Buffer event, long index, long version) {
    if (client.isSlow()) {
      return;
    }
    if (!client.isFull()) {
      client.settle();
      client.advance(event, index, version);
    } else if (client.isSettled() && slow.size() >= options.maxSlow()) {
      cut(client, CROWDED, "it reads too slowly, as too many others do");
    } else {
      if (client.isSettled()) {
        slow.add(client);
      }
      String detail = "it did not read on for " + options.patienceMs() + " ms";
      client.slow(vertx.setTimer(options.patienceMs(), timer -> cut(client, SLOW, detail)));
    }
  }

  /** Sends what leaves all where they are; not to those that take nothing. */
  void send(Buffer text) {
    each(
        client -> {
          if (!client.isFull()) {
            client.send(text);
          }
        },
        () -> {});
  }

  /**
   * Does it for those that are here now, some a turn of the event loop, so that others get theirs.
   */
  void each(Consumer<StreamClient> action, Runnable done) {
    each(List.copyOf(clients), 0, action, done);
  }

  private void each(
      List<StreamClient> all, int from, Consumer<StreamClient> action, Runnable done) {
    int to = Math.min(all.size(), from + CLIENTS_A_TURN);
    for (StreamClient client : all.subList(from, to)) {
      if (clients.contains(client)) {
        action.accept(client);
      }
    }
    if (to < all.size()) {
      vertx.runOnContext(turn -> each(all, to, action, done));
    } else {
      done.run();
    }
  }

  /** Ends every stream and takes the gauge out of the registry. */
  void close() {
    List.copyOf(clients).forEach(client -> cut(client, STOP, "the relay has stopped"));
    registry.remove(gauge);
  }

  private void cut(StreamClient client, String reason, String detail) {
    if (clients.contains(client)) {
      leave(client);
      cut(reason).increment();
      client.end(StreamEvents.cut(reason, detail));
      vertx.setTimer(LAST_WORDS_MS, timer -> client.hangUp());
    }
  }

  private Counter cut(String reason) {
    return Counter.builder("relay.http.stream.cut")
        .description("Clients of the live stream that the relay has cut")
        .tag("reason", reason)
        .register(registry);
  }

  private void leave(StreamClient client) {
    if (clients.remove(client)) {
      size = clients.size();
      if (client.isSlow()) {
        notSlow(client);
      }
    }
  }

  private void notSlow(StreamClient client) {
    vertx.cancelTimer(client.notSlow());
    slow.remove(client);
  }
}
