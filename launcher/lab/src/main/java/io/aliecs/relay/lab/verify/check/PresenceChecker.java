package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.OffPeriod;
import io.aliecs.relay.lab.verify.expected.OffPeriod.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Checks that what must be there is and what must not is not. Around the moments when publishing
 * went off and on, each change is there as a whole or not at all, and it went off and on once; what
 * is there late is judged with its run.
 */
final class PresenceChecker {
  private final ExpectedLoad load;
  private final Matching matching;
  private final Isolation isolation;
  private final List<Discrepancy> findings = new ArrayList<>();

  PresenceChecker(ExpectedLoad load, Matching matching, Isolation isolation) {
    this.load = load;
    this.matching = matching;
    this.isolation = isolation;
  }

  List<Discrepancy> check() {
    TreeMap<Long, List<Track>> byChange =
        matching.slots().stream()
            .collect(
                Collectors.groupingBy(
                    slot -> slot.change().order(), TreeMap::new, Collectors.toList()));
    for (List<Track> slots : byChange.values()) {
      ExpectedChange change = slots.get(0).change();
      Position position = load.position(change.order());
      if (position != Position.OUTSIDE && slots.stream().anyMatch(this::isLate)) {
        continue;
      }
      if (!change.published() || position == Position.INSIDE) {
        slots.stream().filter(this::isThere).forEach(this::ghost);
      } else if (position == Position.OUTSIDE || slots.stream().anyMatch(this::isThere)) {
        slots.stream().filter(slot -> !isThere(slot)).forEach(slot -> lost(slot, "missing"));
      }
    }
    for (OffPeriod period : load.offPeriods()) {
      checkEnd(byChange.subMap(period.on(), false, period.off(), true));
      checkBegin(byChange.subMap(period.stillOff(), false, period.onAgain(), true));
    }
    if (!load.offPeriods().isEmpty()) {
      findings.addAll(new LateRuns(matching, isolation).check());
    }
    checkIds();
    return findings;
  }

  /** Nothing is missing before the last that is there. */
  private void checkEnd(Map<Long, List<Track>> goingOff) {
    List<Track> absent = new ArrayList<>();
    for (List<Track> slots : goingOff.values()) {
      if (isPublished(slots)) {
        if (isInTime(slots)) {
          absent.forEach(slot -> lost(slot, "missing, and later ones are there"));
          absent.clear();
        } else {
          absent.addAll(slots);
        }
      }
    }
  }

  /** Nothing is missing behind the first that is there. */
  private void checkBegin(Map<Long, List<Track>> goingOn) {
    boolean begun = false;
    for (List<Track> slots : goingOn.values()) {
      if (isPublished(slots)) {
        begun |= isInTime(slots);
        if (begun && !isThere(slots.get(0)) && slots.stream().noneMatch(this::isLate)) {
          slots.forEach(slot -> lost(slot, "missing, and earlier ones are there"));
        }
      }
    }
  }

  /**
   * What the relay accepted it numbered without gaps: a gap is a change that never arrived. Tells
   * of those that were lost just before publishing went off, where nothing else does.
   */
  private void checkIds() {
    boolean known = findings.stream().anyMatch(finding -> finding.kind() == Kind.LOST);
    if (known || isolation != Isolation.READ_COMMITTED) {
      return;
    }
    long last = 0;
    List<Long> numbers =
        matching.ids().stream()
            .map(id -> id.split("/", -1))
            .filter(parts -> parts.length == 3 && parts[1].matches("[0-9]{1,18}"))
            .map(parts -> Long.parseLong(parts[1]))
            .sorted()
            .distinct()
            .toList();
    for (long number : numbers) {
      if (last != 0 && number != last + 1) {
        findings.add(
            new Discrepancy(
                Kind.LOST,
                isolation,
                "",
                "changes numbered " + (last + 1) + " to " + (number - 1) + " were accepted"));
      }
      last = number;
    }
  }

  private static boolean isPublished(List<Track> slots) {
    return slots.get(0).change().published();
  }

  private boolean isInTime(List<Track> slots) {
    return isThere(slots.get(0)) && slots.stream().noneMatch(this::isLate);
  }

  private boolean isLate(Track slot) {
    ReadRecord found = matching.matched().get(slot);
    return found != null && found.late();
  }

  private boolean isThere(Track slot) {
    return matching.matched().containsKey(slot);
  }

  private void ghost(Track slot) {
    String why = slot.change().published() ? "publishing was off" : "it is not published";
    findings.add(
        new Discrepancy(Kind.GHOST, isolation, slot.environmentId(), slot.what() + ", but " + why));
  }

  private void lost(Track slot, String why) {
    findings.add(
        new Discrepancy(Kind.LOST, isolation, slot.environmentId(), why + ": " + slot.what()));
  }
}
