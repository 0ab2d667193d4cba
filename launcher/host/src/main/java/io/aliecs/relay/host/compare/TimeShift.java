package io.aliecs.relay.host.compare;

import java.util.Map;
import java.util.TreeMap;

/** By how much the relay is behind the plugin: counts of whole ms. Not thread safe. */
final class TimeShift {
  /** Bounded by the patience: what is further apart is not counted as one. */
  private final TreeMap<Long, Long> counts = new TreeMap<>();

  private long total;

  void add(long ms) {
    counts.merge(ms, 1L, Long::sum);
    total++;
  }

  boolean isEmpty() {
    return total == 0;
  }

  /**
   * The least difference that is not less than that of this share, 0 to 1; 0 where there is none.
   */
  long quantile(double share) {
    long below = 0;
    for (Map.Entry<Long, Long> one : counts.entrySet()) {
      below += one.getValue();
      if (below >= share * total) {
        return one.getKey();
      }
    }
    return 0;
  }
}
