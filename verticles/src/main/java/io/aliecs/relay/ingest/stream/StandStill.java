package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Notices partitions whose position does not move although there is more to read. Not thread safe.
 */
public final class StandStill {
  static final long AFTER_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Map<SourcePartition, Stand> stands = new HashMap<>();

  /** Where one was first seen with more behind it. */
  private record Stand(long position, long end, long since) {}

  /**
   * Looks at a partition.
   *
   * @param position offset of the next record to read
   * @param end offset behind its last record
   * @param now on the clock of {@link System#nanoTime}
   */
  public void look(SourcePartition partition, long position, long end, long now) {
    Stand before = stands.get(partition);
    if (position >= end) {
      stands.remove(partition);
    } else if (before == null || before.position() != position) {
      stands.put(partition, new Stand(position, end, now));
    } else {
      stands.put(partition, new Stand(position, end, before.since()));
    }
  }

  /** Nobody asks for more meanwhile: the time does not count. */
  public void forget() {
    stands.clear();
  }

  /** Those that have stood for {@link #AFTER_NANOS}, for people; empty when there are none. */
  public String problem(long now) {
    return stands.entrySet().stream()
        .filter(stand -> now - stand.getValue().since() >= AFTER_NANOS)
        .map(
            stand ->
                stand.getKey()
                    + ": nothing behind offset "
                    + stand.getValue().position()
                    + " comes, though it ends at "
                    + stand.getValue().end()
                    + " (expected: what is there within 5 s; look at the brokers that have it)")
        .sorted()
        .collect(Collectors.joining("; "));
  }
}
