package io.aliecs.relay.lab.verify.expected;

import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which runs were active after each change, in the order that a list has them. */
public final class RunHistory {
  /** The contract's order: ITS first among two or more, more detectors, lower run, id. */
  private static final Comparator<EnvInfo> ORDER =
      Comparator.comparing((EnvInfo run) -> isWithIts(run) ? 0 : 1)
          .thenComparing(run -> -run.getDetectorsCount())
          .thenComparing(run -> Integer.toUnsignedLong(run.getRunNumber()))
          .thenComparing(EnvInfo::getEnvironmentId);

  private final NavigableMap<Long, List<EnvInfo>> after = new TreeMap<>();

  public RunHistory(List<ExpectedChange> changes) {
    after.put(Long.MIN_VALUE, List.of());
    Map<String, EnvInfo> active = new HashMap<>();
    for (ExpectedChange change : changes) {
      EnvInfo run = change.published() ? change.run() : null;
      EnvInfo before =
          run == null
              ? active.remove(change.environmentId())
              : active.put(change.environmentId(), run);
      if (run == null ? before != null : !run.equals(before)) {
        after.put(change.order(), inOrder(active.values()));
      }
    }
  }

  /** The same in the contract's order. */
  public static List<EnvInfo> inOrder(Collection<EnvInfo> runs) {
    return runs.stream().sorted(ORDER).toList();
  }

  private static boolean isWithIts(EnvInfo run) {
    return run.getDetectorsCount() >= 2 && run.getDetectorsList().contains("ITS");
  }

  /** The active runs after the change of that order. */
  public List<EnvInfo> after(long order) {
    return after.floorEntry(order).getValue();
  }

  /** The spans of changes, not before {@code from}, after which exactly these runs were active. */
  public List<Span> spans(List<EnvInfo> runs, long from) {
    List<Span> found = new ArrayList<>();
    for (Map.Entry<Long, List<EnvInfo>> entry :
        after.tailMap(after.floorKey(from), true).entrySet()) {
      if (entry.getValue().equals(runs)) {
        Long next = after.higherKey(entry.getKey());
        found.add(
            new Span(Math.max(from, entry.getKey()), next == null ? Long.MAX_VALUE : next - 1));
      }
    }
    return found;
  }

  /** From one order to another, both included. */
  public record Span(long from, long to) {
    public boolean isEmpty() {
      return from > to;
    }
  }
}
