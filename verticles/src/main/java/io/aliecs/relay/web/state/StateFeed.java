package io.aliecs.relay.web.state;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the newest state and leadership that went over the bus of this host.
 *
 * <p>Changed on the verticle's event loop only; may be read from any thread. Its consumers and its
 * timer end with the verticle.
 */
public final class StateFeed {
  private static final Logger LOG = LoggerFactory.getLogger(StateFeed.class);
  private static final Leadership NOBODY = new Leadership(false, 0, "");
  private static final long RETRY_MS = 250;
  private static final long REPLY_TIMEOUT_MS = 2_000;

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
    var changes =
        vertx
            .eventBus()
            .<StateChanged>localConsumer(
                BusAddresses.ENVIRONMENT_CHANGED, message -> accept(message.body()));
    var leaderships =
        vertx
            .eventBus()
            .<Leadership>localConsumer(
                BusAddresses.LEADERSHIP_CHANGED, message -> accept(message.body()));
    return Future.all(changes.completion(), leaderships.completion())
        .onSuccess(subscribed -> ask())
        .mapEmpty();
  }

  /** Calls back on each newer state and on other leadership; add before {@link #start}. */
  public void listen(Consumer<Snapshot> listener) {
    listeners.add(listener);
  }

  /** The newest state with who leads, or null when no state is known yet. */
  public @Nullable Snapshot snapshot() {
    return snapshot;
  }

  /** Who leads; an empty leader id when that is not known. */
  public Leadership leadership() {
    return leadership;
  }

  private void ask() {
    if (snapshot != null) {
      return;
    }
    vertx
        .eventBus()
        .<StateChanged>request(
            BusAddresses.ENVIRONMENT_STATE,
            null,
            new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(REPLY_TIMEOUT_MS))
        .onSuccess(reply -> accept(reply.body()))
        .onFailure(
            failure -> {
              LOG.debug(
                  "State not known yet, asking again in {} ms: {}", RETRY_MS, failure.getMessage());
              vertx.setTimer(RETRY_MS, timer -> ask());
            });
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
