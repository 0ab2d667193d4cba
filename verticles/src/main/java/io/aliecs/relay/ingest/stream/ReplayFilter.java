package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.ingest.stream.StreamPlan.Extent;
import io.aliecs.relay.ingest.stream.StreamPlan.Trouble;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What topics held that were made anew when they were found so: it may have been read before, from
 * the topics before them, and an old step of an environment can look like its next one. Not for
 * what comes later: AliECS's clock may step back.
 *
 * @param ends offset behind the last record that was there, for each partition made anew
 * @param changedAt when each environment has changed last as far as was known then, ms since epoch
 */
public record ReplayFilter(Map<SourcePartition, Long> ends, Map<String, Long> changedAt) {
  public ReplayFilter {
    ends = Map.copyOf(ends);
    changedAt = Map.copyOf(changedAt);
  }

  public static ReplayFilter of(
      StreamPlan plan, Map<SourcePartition, Extent> extents, Collection<Environment> known) {
    Map<SourcePartition, Long> ends = new HashMap<>();
    for (StreamPlan.Finding finding : plan.findings()) {
      Extent extent = extents.get(finding.partition());
      if (finding.trouble() == Trouble.STARTED_OVER && extent != null) {
        ends.put(finding.partition(), extent.end());
      }
    }
    Map<String, Long> changedAt = new HashMap<>();
    if (!ends.isEmpty()) {
      known.forEach(one -> changedAt.put(one.id(), one.changedAt()));
    }
    return new ReplayFilter(ends, changedAt);
  }

  /** Whether its environment is known to have changed since this event. */
  public boolean isKnownBetter(EnvironmentEvent event) {
    SourcePosition source = event.source();
    Long changed = changedAt.get(event.environmentId());
    return source != null
        && changed != null
        && event.timestamp() < changed
        && source.offset() < ends.getOrDefault(source.partition(), 0L);
  }
}
