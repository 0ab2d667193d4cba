package io.aliecs.relay.bus.status;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comparing with AliECS's core has found on this host.
 *
 * @param status whether the core answers
 * @param comparedAt when it was compared with last, ms since epoch; 0 for never since this host
 *     started
 * @param found the last differences that were made up for, newest first
 */
public record CoreComparison(ComponentStatus status, long comparedAt, List<Difference> found) {
  public CoreComparison {
    found = List.copyOf(found);
  }

  /**
   * Of one environment the core knew what was missing in the event stream.
   *
   * @param at when it was made up for, ms since epoch
   * @param kind {@code ended}: the core does not have it; {@code observed}: it is in another state
   *     or run; {@code completed}: what was not known of it was filled in
   * @param runNumber of the run that was seen, null without one
   */
  public record Difference(long at, String kind, String environmentId, @Nullable Long runNumber) {}
}
