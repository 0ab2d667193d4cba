package io.aliecs.relay.domain;

import java.util.List;

/**
 * The messages of one change, delivered together.
 *
 * @param sequence place in the order of delivery; consecutive, and new for what is still pending
 *     each time publishing starts
 * @param id identity that never changes, from which event ids in Kafka are made; ascending in order
 *     of change, 0 for the list with which publishing starts
 * @param eventId the event that caused it, empty for the list with which publishing starts
 * @param timestamp when the change was observed, ms since epoch
 */
public record OutboxEntry(
    long sequence,
    long id,
    String environmentId,
    String eventId,
    long timestamp,
    List<OutboxMessage> messages) {
  public OutboxEntry {
    messages = List.copyOf(messages);
  }

  /** Whether it is the list with which publishing starts. */
  public boolean startsPublishing() {
    return id == 0;
  }

  /** The same at another place, its lists saying what the list before them says. */
  OutboxEntry restated(long newSequence) {
    List<OutboxMessage> restated =
        messages.stream()
            .map(
                m -> m instanceof OutboxMessage.ActiveRuns ? OutboxMessage.ActiveRuns.UNCHANGED : m)
            .toList();
    return new OutboxEntry(newSequence, id, environmentId, eventId, timestamp, restated);
  }
}
