package io.aliecs.relay.ingest;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.EventBatchReply;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.Command;
import io.aliecs.relay.domain.RelayState;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The journal of this host over the bus. */
final class BusJournal implements JournalGate {
  private final Vertx vertx;
  private final Context context;
  private final DeliveryOptions delivery;

  BusJournal(Vertx vertx, Context context, Duration timeout) {
    this.vertx = vertx;
    this.context = context;
    this.delivery = new DeliveryOptions().setLocalOnly(true).setSendTimeout(timeout.toMillis());
  }

  @Override
  public CompletableFuture<RelayState> state() {
    return this.<StateChanged, RelayState>request(
        BusAddresses.ENVIRONMENT_STATE, null, StateChanged::state);
  }

  @Override
  public CompletableFuture<EventBatchReply> append(EventBatch batch) {
    return this.<EventBatchReply, EventBatchReply>request(
        BusAddresses.JOURNAL_APPEND, batch, reply -> reply);
  }

  @Override
  public CompletableFuture<Void> append(Command command) {
    CompletableFuture<Object> done =
        this.<Object, Object>request(BusAddresses.JOURNAL_APPEND, command, reply -> reply);
    return done.thenAccept(reply -> {});
  }

  private <B, R> CompletableFuture<R> request(
      String address, @Nullable Object body, Function<B, R> read) {
    CompletableFuture<R> result = new CompletableFuture<>();
    context.runOnContext(
        ignored ->
            vertx
                .eventBus()
                .<B>request(address, body, delivery)
                .map(message -> read.apply(message.body()))
                .onSuccess(result::complete)
                .onFailure(result::completeExceptionally));
    return result;
  }
}
