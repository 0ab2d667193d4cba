package io.aliecs.relay.ingest.session;

import io.aliecs.relay.bus.EventBatch;
import io.aliecs.relay.bus.EventBatchReply;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import java.util.concurrent.CompletableFuture;

/** The journal as the reader sees it. Thread safe; every future completes within a bounded time. */
public interface JournalGate {
  /** The newest state. */
  CompletableFuture<RelayState> state();

  /** Makes a batch of events safe, all of them or none. */
  CompletableFuture<EventBatchReply> append(EventBatch batch);

  /** Makes a command safe. */
  CompletableFuture<Void> append(Command command);
}
