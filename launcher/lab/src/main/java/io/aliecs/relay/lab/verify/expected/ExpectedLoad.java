package io.aliecs.relay.lab.verify.expected;

import java.util.Comparator;
import java.util.List;

/**
 * All that happened, in order.
 *
 * @param repeatsAllowed whether a {@code read_uncommitted} reader may see a message again under the
 *     same id: after a publishing host or a broker died or was cut off in mid-flight
 * @param repeats what somebody has asked for once more
 */
public record ExpectedLoad(
    List<ExpectedChange> changes,
    List<OffPeriod> offPeriods,
    boolean repeatsAllowed,
    ExpectedRepeats repeats) {

  /** One of which nobody asks for anything once more. */
  public ExpectedLoad(
      List<ExpectedChange> changes, List<OffPeriod> offPeriods, boolean repeatsAllowed) {
    this(changes, offPeriods, repeatsAllowed, ExpectedRepeats.NONE);
  }

  public ExpectedLoad {
    changes = changes.stream().sorted(Comparator.comparingLong(ExpectedChange::order)).toList();
    offPeriods = List.copyOf(offPeriods);
  }

  /** Messages that a reader must get, the lists with them, those of undecided times left out. */
  public long required() {
    return repeats.taken().size()
        + changes.stream()
            .filter(c -> c.published() && position(c.order()) == OffPeriod.Position.OUTSIDE)
            .mapToLong(c -> c.messages().size() + (c.listed() ? 1 : 0))
            .sum();
  }

  public OffPeriod.Position position(long order) {
    return offPeriods.stream()
        .map(period -> period.position(order))
        .filter(position -> position != OffPeriod.Position.OUTSIDE)
        .findFirst()
        .orElse(OffPeriod.Position.OUTSIDE);
  }
}
