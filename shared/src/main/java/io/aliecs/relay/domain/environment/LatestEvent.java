package io.aliecs.relay.domain.environment;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The newest event that is known of an environment, whether or not it changed something.
 *
 * @param timestamp when it happened, ms since epoch
 * @param partition where it was read, absent when it did not come from AliECS's stream
 */
public record LatestEvent(long timestamp, @Nullable SourcePartition partition) {

  static LatestEvent of(EnvironmentEvent event) {
    return new LatestEvent(event.timestamp(), partition(event));
  }

  /** Whether the event happened before this one, by its time. */
  boolean isAfter(EnvironmentEvent event) {
    return event.timestamp() < timestamp;
  }

  /**
   * Whether the event follows this one by its place, so that its time need not be looked at: within
   * a partition the order is that of the records, and clocks step.
   */
  boolean isInOrderWith(EnvironmentEvent event) {
    return Objects.equals(partition, partition(event));
  }

  private static @Nullable SourcePartition partition(EnvironmentEvent event) {
    return event.source() == null ? null : event.source().partition();
  }
}
