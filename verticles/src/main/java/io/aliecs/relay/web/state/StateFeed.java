package io.aliecs.relay.web.state;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the newest state and leadership that went over the bus of this host.
 *
 * <p>Changed on the verticle's event loop only; may be read from any thread. Its consumers and its
 * timer end with the verticle.
 */
public final class StateFeed {
  /** There is no state to answer from yet. */
  public static final Problem UNKNOWN =
      new Problem(503, "the journal is not replayed yet (expected: in seconds; repeat)");

  private static final Answer NOT_READY = Answer.of(UNKNOWN).with(HttpHeaders.RETRY_AFTER, "1");
  private static final Leadership NOBODY = new Leadership(false, 0, "");

  private final Vertx vertx;
  private final List<Consumer<Snapshot>> listeners = new ArrayList<>();
  private volatile @Nullable Snapshot snapshot;
  private volatile Leadership leadership = NOBODY;

  public StateFeed(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Subscribes, then asks for the state until it is known. Ends when subscribed; call it on the
   * verticle's event loop.
   */
  public Future<Void> start() {
    return new JournalClient(vertx).follow(this::accept, this::accept);
  }

  /** Calls back on each newer state and on other leadership; add before {@link #start}. */
  public void listen(Consumer<Snapshot> listener) {
    listeners.add(listener);
  }

  /** The newest state with who leads, or null when no state is known yet. */
  public @Nullable Snapshot snapshot() {
    return snapshot;
  }

  /** A handler that answers from the newest state, or 503 as long as none is known. */
  public Function<RoutingContext, Answer> whenKnown(
      BiFunction<RoutingContext, Snapshot, Answer> handler) {
    return context -> {
      Snapshot known = snapshot;
      return known == null ? NOT_READY : handler.apply(context, known);
    };
  }

  /** The same where the answer has to be waited for. */
  public Function<RoutingContext, Future<Answer>> whenKnownLater(
      BiFunction<RoutingContext, Snapshot, Future<Answer>> handler) {
    return context -> {
      Snapshot known = snapshot;
      return known == null ? Future.succeededFuture(NOT_READY) : handler.apply(context, known);
    };
  }

  /** Who leads; an empty leader id when that is not known. */
  public Leadership leadership() {
    return leadership;
  }

  private void accept(StateChanged changed) {
    Snapshot known = snapshot;
    if (known == null) {
      become(new Snapshot(1, changed, leadership));
    } else if (changed.index() > known.changed().index()) {
      become(new Snapshot(known.version() + 1, changed, leadership));
    }
  }

  private void accept(Leadership changed) {
    leadership = changed;
    Snapshot known = snapshot;
    if (known != null && !known.leadership().equals(changed)) {
      become(new Snapshot(known.version() + 1, known.changed(), changed));
    }
  }

  private void become(Snapshot newer) {
    snapshot = newer;
    listeners.forEach(listener -> listener.accept(newer));
  }
}
