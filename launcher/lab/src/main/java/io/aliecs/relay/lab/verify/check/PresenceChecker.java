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
  private final Findings findings;

  PresenceChecker(ExpectedLoad load, Matching matching, Findings findings) {
    this.load = load;
    this.matching = matching;
    this.findings = findings;
  }

  void check() {
    TreeMap<Long, List<Track>> byChange =
        matching.tracks().stream()
            .collect(
                Collectors.groupingBy(
                    track -> track.change().order(), TreeMap::new, Collectors.toList()));
    for (List<Track> tracks : byChange.values()) {
      ExpectedChange change = tracks.get(0).change();
      Position position = load.position(change.order());
      if (position != Position.OUTSIDE && tracks.stream().anyMatch(this::isLate)) {
        continue;
      }
      if (!change.published() || position == Position.INSIDE) {
        tracks.stream().filter(this::isThere).forEach(this::ghost);
      } else if (position == Position.OUTSIDE || tracks.stream().anyMatch(this::isThere)) {
        tracks.stream().filter(track -> !isThere(track)).forEach(track -> lost(track, "missing"));
      }
    }
    for (OffPeriod period : load.offPeriods()) {
      checkEnd(byChange.subMap(period.on(), false, period.off(), true));
      checkBegin(byChange.subMap(period.stillOff(), false, period.onAgain(), true));
    }
    if (!load.offPeriods().isEmpty()) {
      new LateRuns(matching, findings).check();
    }
    checkIds();
  }

  /** Nothing is missing before the last that is there. */
  private void checkEnd(Map<Long, List<Track>> goingOff) {
    List<Track> absent = new ArrayList<>();
    for (List<Track> tracks : goingOff.values()) {
      if (isPublished(tracks)) {
        if (isInTime(tracks)) {
          absent.forEach(track -> lost(track, "missing, and later ones are there"));
          absent.clear();
        } else {
          absent.addAll(tracks);
        }
      }
    }
  }

  /** Nothing is missing behind the first that is there. */
  private void checkBegin(Map<Long, List<Track>> goingOn) {
    boolean begun = false;
    for (List<Track> tracks : goingOn.values()) {
      if (isPublished(tracks)) {
        begun |= isInTime(tracks);
        if (begun && !isThere(tracks.get(0)) && tracks.stream().noneMatch(this::isLate)) {
          tracks.forEach(track -> lost(track, "missing, and earlier ones are there"));
        }
      }
    }
  }

  /**
   * What the relay accepted it numbered without gaps: a gap is a change that never arrived. Tells
   * of those that were lost just before publishing went off, where nothing else does.
   */
  private void checkIds() {
    boolean known = findings.all().stream().anyMatch(finding -> finding.kind() == Kind.LOST);
    if (known || findings.isolation() != Isolation.READ_COMMITTED) {
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
            Kind.LOST,
            "",
            "changes numbered " + (last + 1) + " to " + (number - 1) + " were accepted");
      }
      last = number;
    }
  }

  private static boolean isPublished(List<Track> tracks) {
    return tracks.get(0).change().published();
  }

  private boolean isInTime(List<Track> tracks) {
    return isThere(tracks.get(0)) && tracks.stream().noneMatch(this::isLate);
  }

  private boolean isLate(Track track) {
    ReadRecord found = matching.matched().get(track);
    return found != null && found.late();
  }

  private boolean isThere(Track track) {
    return matching.matched().containsKey(track);
  }

  private void ghost(Track track) {
    String why = track.change().published() ? "publishing was off" : "it is not published";
    findings.add(Kind.GHOST, track.environmentId(), track.what() + ", but " + why);
  }

  private void lost(Track track, String why) {
    findings.add(Kind.LOST, track.environmentId(), why + ": " + track.what());
  }
}
