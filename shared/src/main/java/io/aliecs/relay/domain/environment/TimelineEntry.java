package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.message.Topics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A line in the timeline of an environment: an event that changed something or was published.
 *
 * @param timestamp when it happened, ms since epoch
 * @param state the state the environment was in afterwards
 * @param adopted whether something before it had been missed and was made up for
 * @param publishing whether its messages were to be published when it happened
 * @param entryId id of the outbox entry with its messages, 0 when it has none
 * @param topics the topics of its messages, in their order
 * @param reason why the relay concluded it, for people; empty when AliECS or a sender reported it
 */
public record TimelineEntry(
    String eventId,
    long timestamp,
    EventType type,
    @Nullable Transition transition,
    State state,
    @Nullable Long runNumber,
    boolean adopted,
    boolean publishing,
    long entryId,
    List<String> topics,
    @Nullable SourcePosition source,
    String reason) {
  public TimelineEntry {
    topics = List.copyOf(topics);
  }

  /** Whether it published that this run is about to start. */
  boolean announces(long number) {
    return runNumber != null && runNumber == number && topics.contains(Topics.BEFORE_START);
  }
}
