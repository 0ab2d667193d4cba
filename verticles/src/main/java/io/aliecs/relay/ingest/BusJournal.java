package io.aliecs.relay.ingest;

import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.EventBatchReply;
import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.ingest.session.JournalGate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The journal of this host for a thread that is not Vert.x's.
 *
 * @param context asks for it
 */
record BusJournal(JournalClient client, Context context) implements JournalGate {
  @Override
  public CompletableFuture<RelayState> state() {
    return ask(client::state).thenApply(known -> known.newest().state());
  }

  @Override
  public CompletableFuture<EventBatchReply> append(EventBatch batch) {
    return ask(() -> client.append(batch));
  }

  @Override
  public CompletableFuture<Void> append(Command command) {
    return ask(() -> client.append(command)).thenAccept(reply -> {});
  }

  private <T> CompletableFuture<T> ask(Supplier<Future<T>> request) {
    CompletableFuture<T> result = new CompletableFuture<>();
    context.runOnContext(
        ignored ->
            request.get().onSuccess(result::complete).onFailure(result::completeExceptionally));
    return result;
  }
}
