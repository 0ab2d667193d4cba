package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import java.time.Duration;

/**
 * Before the very first list of a journal AliECS's core is asked: what the stream's history has
 * left open may be long gone. Waits for a bounded time only, and not at all where no core is asked.
 */
final class FirstReconciliation {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final DeliveryOptions DELIVERY =
      new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(LIMIT.toMillis());

  private final EventBus bus;
  private final Runnable next;
  private boolean asked;
  private boolean over;

  /**
   * Nothing is asked yet.
   *
   * @param next run once it is over
   */
  FirstReconciliation(EventBus bus, Runnable next) {
    this.bus = bus;
    this.next = next;
  }

  /**
   * Whether it is over; asks when it has not begun. An answer that is there at once runs what is
   * next by itself, so this does not say then that it is over: it would be done twice.
   */
  boolean isOver() {
    if (over) {
      return true;
    }
    if (!asked) {
      asked = true;
      bus.request(BusAddresses.RECONCILE_REQUEST, null, DELIVERY)
          .onComplete(
              answeredOrNot -> {
                over = true;
                next.run();
              });
    }
    return false;
  }
}
