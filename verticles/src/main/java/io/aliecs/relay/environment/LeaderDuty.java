package io.aliecs.relay.environment;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the duties of a leader need of the journal. For one context.
 *
 * @param leading whether this host leads a journal that can be written
 * @param state the newest state
 * @param journal appends a command
 */
record LeaderDuty(
    BooleanSupplier leading, Supplier<RelayState> state, Function<Command, Future<?>> journal) {
  boolean isLeading() {
    return leading.getAsBoolean();
  }

  RelayState now() {
    return state.get();
  }

  Future<?> append(Command command) {
    return journal.apply(command);
  }
}
