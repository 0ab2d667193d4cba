package io.aliecs.relay.journal;

import java.io.IOException;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.statemachine.TransactionContext;

/** Lets everything into the journal, as a host would that has a fault in its check. */
final class Unchecked extends JournalStateMachine {
  Unchecked(JournalListener listener) {
    super(listener);
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) throws IOException {
    return TransactionContext.newBuilder().setStateMachine(this).setClientRequest(request).build();
  }
}
