package io.aliecs.relay.ingest.session;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * How far the environment events have come, in AliECS's own time. After an outage of Kafka AliECS's
 * two topics fill up at different speeds: that a run event is old, and that the other topic has
 * been read to its present end, does not mean that the environment events of its time are there.
 * Not thread safe.
 */
final class EnvironmentTimes {
  /** A topic with nothing new for this many graces is taken to have nothing more. */
  private static final int QUIET_GRACES = 10;

  private final long graceMillis;
  private final long quietNanos;
  private final Map<SourcePartition, Seen> seen = new HashMap<>();

  /**
   * What was read of a partition.
   *
   * @param timestamp the latest time of an event, ms since epoch
   * @param at when the last record was read, on the clock of {@link System#nanoTime}
   */
  private record Seen(long timestamp, long at) {}

  /**
   * @param grace how much later than a run event an environment event may be that belongs to it
   * @param now on the clock of {@link System#nanoTime}
   */
  EnvironmentTimes(Duration grace, Set<SourcePartition> partitions, long now) {
    graceMillis = grace.toMillis();
    quietNanos = grace.multipliedBy(QUIET_GRACES).toNanos();
    partitions.forEach(partition -> seen.put(partition, new Seen(0, now)));
  }

  /**
   * A record of environments was read.
   *
   * @param timestamp the time of its event, ms since epoch; 0 when it has none
   */
  void read(SourcePartition partition, long timestamp, long now) {
    Seen before = seen.get(partition);
    long latest = before == null ? timestamp : Math.max(before.timestamp(), timestamp);
    seen.put(partition, new Seen(latest, now));
  }

  /** Whether all that happened to environments up to a run event of that time has been read. */
  boolean passed(long timestamp, long now) {
    return seen.values().stream()
        .allMatch(
            one -> one.timestamp() >= timestamp + graceMillis || now - one.at() >= quietNanos);
  }
}
