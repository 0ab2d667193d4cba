package io.aliecs.relay.bus;

import java.util.List;

/** One reply for each event of an {@link EventBatch}, in order; refused ones are among them. */
public record EventBatchReply(List<TransitionReply> replies) {
  public EventBatchReply {
    replies = List.copyOf(replies);
  }
}
