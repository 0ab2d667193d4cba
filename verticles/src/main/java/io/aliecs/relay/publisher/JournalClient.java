package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.Command;
import io.vertx.core.Future;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;

/** The journal of this host, over the bus. */
record JournalClient(EventBus bus) {

  /** Ends once the command is in the journal. */
  Future<TransitionReply> append(Command command) {
    return bus.<TransitionReply>request(BusAddresses.JOURNAL_APPEND, command, LocalRecords.LOCAL)
        .map(Message::body);
  }

  /** The newest state. */
  Future<StateChanged> state() {
    return bus.<StateChanged>request(BusAddresses.ENVIRONMENT_STATE, null, LocalRecords.LOCAL)
        .map(Message::body);
  }
}
