package io.aliecs.relay.web.stream;

import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.web.state.HostStatus;
import io.aliecs.relay.web.state.Snapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends every change to all clients of the live stream, encoded once for all of them.
 *
 * <p>Changes in quick succession are sent as one. A client that does not take what it is sent gets
 * nothing more until it has, then all it missed in one event; it is cut when that takes too long.
 * Every event holds what is true now, so that one more or one fewer of them makes no client wrong.
 * For one event loop.
 */
public final class RunStream {
  private static final CharSequence NO_BUFFERING_NAME =
      HttpHeaders.createOptimized("x-accel-buffering");
  private static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("last-event-id");
  private static final int RESTS = 2;
  private static final long RETRY_LEAST_MS = 1_000;
  private static final long RETRY_SPREAD_MS = 3_000;

  /** The whole state as it was encoded for all that come at that time. */
  private record Whole(long index, long version, long since, Buffer event) {}

  /** What was encoded last for a client that was at {@code from}. */
  private record Replay(long from, long version, Buffer event) {}

  private final Vertx vertx;
  private final HostStatus host;
  private final StreamOptions options;
  private final InstantSource clock;
  private final ChangeHistory history;
  private final StreamClients clients;
  private final long heartbeat;
  private final long publisherPoll;

  private @Nullable Snapshot newest;
  private @Nullable ComponentStatus publisher;
  private long version;
  private @Nullable Whole whole;
  private @Nullable Replay lastReplay;

  private long sentIndex;
  private long sentVersion;
  private List<String> sentOrder = List.of();
  private boolean orderUnsure;
  private boolean sending;

  /** Starts its timers; call it on the verticle's event loop. */
  public RunStream(
      Vertx vertx, StreamOptions options, MeterRegistry registry, InstantSource clock) {
    this.vertx = vertx;
    this.host = new HostStatus(vertx);
    this.options = options;
    this.clock = clock;
    this.history = new ChangeHistory(options.history());
    this.clients = new StreamClients(vertx, options, registry);
    this.heartbeat =
        vertx.setPeriodic(
            options.heartbeatMs(), timer -> clients.send(StreamEvents.heartbeat(clock.millis())));
    this.publisherPoll = vertx.setPeriodic(options.publisherMs(), timer -> askPublisher());
  }

  /** A newer state, or other leadership. */
  public void accept(Snapshot snapshot) {
    Snapshot before = newest;
    long index = snapshot.changed().index();
    if (before == null) {
      history.restart(index);
      askPublisher();
    } else if (index > before.changed().index()) {
      history.add(index, touched(before, snapshot));
    }
    newest = snapshot;
    moved();
  }

  /** The environments that differ, also those that a journal's snapshot made disappear. */
  private static Set<String> touched(Snapshot before, Snapshot now) {
    Set<String> ids = now.changed().environmentIds();
    var old = before.state().environments();
    var live = now.state().environments();
    long expected = old.size();
    for (String id : ids) {
      expected += (live.containsKey(id) ? 1 : 0) - (old.containsKey(id) ? 1 : 0);
    }
    if (expected == live.size()) {
      return ids;
    }
    Set<String> all = new HashSet<>(old.keySet());
    all.addAll(live.keySet());
    return all;
  }

  /** Whether the limit of clients is reached. */
  boolean isFull() {
    return clients.isFull();
  }

  /** Takes a client whose answer has its head, once a state is known. */
  void join(HttpServerRequest request) {
    Snapshot snapshot = Objects.requireNonNull(newest, "no state");
    String lastEventId = request.getHeader(LAST_EVENT_ID);
    request.response().putHeader(NO_BUFFERING_NAME, "no").setChunked(true);
    StreamClient client = new StreamClient(request, options.maxQueued());
    clients.add(client, () -> caughtUp(client));
    long retry = RETRY_LEAST_MS + ThreadLocalRandom.current().nextLong(RETRY_SPREAD_MS);
    client.send(StreamEvents.hello(retry, clock.millis()));
    catchUp(
        client,
        snapshot,
        lastEventId == null ? StreamEvents.NOWHERE : StreamEvents.index(snapshot, lastEventId));
  }

  /** Ends every stream. */
  public void close() {
    vertx.cancelTimer(heartbeat);
    vertx.cancelTimer(publisherPoll);
    clients.close();
  }

  private void moved() {
    Snapshot snapshot = newest;
    version++;
    if (snapshot == null) {
      return;
    }
    if (clients.isEmpty()) {
      sentVersion = version;
      sentIndex = snapshot.changed().index();
      orderUnsure = true;
    } else if (!sending) {
      sending = true;
      vertx.runOnContext(turn -> sendChange());
    }
  }

  private void sendChange() {
    Snapshot snapshot = newest;
    if (snapshot == null || sentVersion == version) {
      sending = false;
      return;
    }
    long started = System.nanoTime();
    Buffer event = changeSince(sentIndex, snapshot);
    long index = snapshot.changed().index();
    long at = version;
    sentIndex = index;
    sentVersion = at;
    clients.each(
        client -> {
          if (client.version() < at) {
            clients.advance(client, event, index, at);
          }
        },
        () -> pause(System.nanoTime() - started));
  }

  /** Leaves the event loop to others for longer than sending took. */
  private void pause(long tookNanos) {
    long rest = Math.max(options.paceMs(), RESTS * TimeUnit.NANOSECONDS.toMillis(tookNanos));
    vertx.setTimer(rest, timer -> sendChange());
  }

  private Buffer changeSince(long index, Snapshot snapshot) {
    Set<String> ids = history.since(index);
    if (ids == null) {
      orderUnsure = true;
      return StreamEvents.snapshot(snapshot, publisher);
    }
    List<String> order = null;
    if (orderUnsure || ids.stream().anyMatch(id -> hasOrHadRun(snapshot, id))) {
      order = order(snapshot);
      sentOrder = order;
      orderUnsure = false;
    }
    return StreamEvents.change(snapshot, publisher, ids, order);
  }

  private boolean hasOrHadRun(Snapshot snapshot, String id) {
    Environment environment = snapshot.state().environments().get(id);
    return (environment != null && environment.run() != null) || sentOrder.contains(id);
  }

  private static List<String> order(Snapshot snapshot) {
    return snapshot.state().running().stream().map(Environment::id).toList();
  }

  private void caughtUp(StreamClient client) {
    Snapshot snapshot = newest;
    if (snapshot != null) {
      catchUp(client, snapshot, client.index());
    }
  }

  private void catchUp(StreamClient client, Snapshot snapshot, long seen) {
    orderUnsure = true; // the order that it was sent last is not what the others got
    long from = seen;
    if (!history.reaches(seen)) {
      Whole sent = whole(snapshot);
      client.advance(sent.event(), sent.index(), sent.version());
      if (sent.version() == version) {
        return;
      }
      from = sent.index();
    }
    client.advance(missing(snapshot, from), snapshot.changed().index(), version);
  }

  /**
   * A large one serves all that come for a while: a host that starts again under thousands of
   * clients holds it a few times, not once for each.
   */
  private Whole whole(Snapshot snapshot) {
    Whole known = whole;
    if (known == null || !(known.version() == version || isShared(known))) {
      known =
          new Whole(
              snapshot.changed().index(),
              version,
              System.nanoTime(),
              StreamEvents.snapshot(snapshot, publisher));
      whole = known;
    }
    return known;
  }

  private boolean isShared(Whole known) {
    return known.event().length() > options.maxQueued()
        && System.nanoTime() - known.since() < TimeUnit.MILLISECONDS.toNanos(options.sharedMs())
        && history.reaches(known.index());
  }

  private Buffer missing(Snapshot snapshot, long from) {
    Replay known = lastReplay;
    if (known == null || known.version() != version || known.from() != from) {
      Set<String> ids = Objects.requireNonNull(history.since(from), "history");
      Buffer event = StreamEvents.change(snapshot, publisher, ids, order(snapshot));
      known = new Replay(from, version, event);
      lastReplay = known;
    }
    return known.event();
  }

  private void askPublisher() {
    host.publisher().onSuccess(asked -> become(asked.status().orElse(null)));
  }

  private void become(@Nullable ComponentStatus status) {
    if (!Objects.equals(status, publisher)) {
      publisher = status;
      moved();
    }
  }
}
