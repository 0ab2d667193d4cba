package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.OffPeriod;
import io.aliecs.relay.lab.verify.expected.RunHistory;
import io.aliecs.relay.lab.verify.expected.RunHistory.Span;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Checks the content of the lists of one partition, in the order of their offsets.
 *
 * <p>An epoch begins with a list of all runs that are active then; which change that was after is
 * not known, so all that fit are remembered. The list of a later change is the one after that
 * change; the list of an earlier one, that was still pending, says what the first list said. As
 * each list is the one after a known change, and these ascend, none can miss an active run, have
 * one that is over, or go back. Its time is that of its change, or that of the list before where
 * that is later.
 */
final class ListChecker {
  private final ExpectedLoad load;
  private final RunHistory history;
  private final Map<String, Track> byId;
  private final Findings findings;

  private long epoch = -1;

  /** The time of the list before, ms since epoch. */
  private long listedAt;

  private List<EnvInfo> first = List.of();
  private List<Span> starts = List.of();

  /** Order of the last change that Kafka has. */
  private long reached = -1;

  ListChecker(ExpectedLoad load, RunHistory history, Map<String, Track> byId, Findings findings) {
    this.load = load;
    this.history = history;
    this.byId = byId;
    this.findings = findings;
  }

  void check(List<ReadRecord> lists) {
    for (ReadRecord list : lists) {
      if (list.value() instanceof ReadRecord.Runs runs && !list.repeat()) {
        check(list, runs.message().getActiveRunsList());
        checkTime(list, runs.message().getTimestamp());
      }
    }
  }

  /** A repetition that only readers of uncommitted records see may be from before. */
  private void checkTime(ReadRecord list, long timestamp) {
    long expected = list.subject().isEmpty() ? timestamp : list.time();
    if (findings.isolation() == Isolation.READ_COMMITTED
        && timestamp != Math.max(expected, listedAt)) {
      report(
          Kind.LIST,
          list,
          "its time is " + timestamp + " (expected: " + Math.max(expected, listedAt) + ")");
    }
    listedAt = Math.max(listedAt, timestamp);
  }

  private void check(ReadRecord list, List<EnvInfo> runs) {
    if (list.epoch() < epoch) {
      report(Kind.GHOST, list, "of an epoch that was over (now " + epoch + ")");
      return;
    }
    Track track = byId.get(list.id());
    if (list.epoch() > epoch) {
      begin(list, runs);
    } else if (list.subject().isEmpty()) {
      if (findings.isolation() == Isolation.READ_COMMITTED || !runs.equals(first)) {
        report(Kind.LIST, list, "publishing starts a second time in this epoch");
      }
    } else if (track != null) {
      follow(list, runs, track.change().order());
    }
    if (track != null) {
      reached = Math.max(reached, track.change().order());
    }
  }

  private void begin(ReadRecord list, List<EnvInfo> runs) {
    epoch = list.epoch();
    if (!list.subject().isEmpty()) {
      report(Kind.LIST, list, "an epoch begins without a list of all active runs");
    }
    long from = reached;
    for (OffPeriod period : load.offPeriods()) {
      if (period.endedAt() <= list.time()) {
        from = Math.max(from, period.stillOff());
      }
    }
    first = runs;
    starts = history.spans(runs, from);
    if (starts.isEmpty()) {
      report(
          Kind.LIST,
          list,
          "the first list is not that of any moment after change "
              + from
              + difference(runs, history.after(from)));
    }
  }

  private void follow(ReadRecord list, List<EnvInfo> runs, long order) {
    boolean exact = runs.equals(history.after(order));
    boolean restated = runs.equals(first);
    List<Span> left = new ArrayList<>();
    for (Span start : starts) {
      if (restated) {
        left.add(exact ? start : new Span(Math.max(start.from(), order), start.to()));
      } else if (exact) {
        left.add(new Span(start.from(), Math.min(start.to(), order - 1)));
      }
    }
    left.removeIf(Span::isEmpty);
    if ((!exact && !restated) || (left.isEmpty() && !starts.isEmpty())) {
      report(
          Kind.LIST,
          list,
          "not the list after change " + order + difference(runs, history.after(order)));
    }
    if (!left.isEmpty()) {
      starts = left;
    }
  }

  private static String difference(List<EnvInfo> found, List<EnvInfo> expected) {
    List<EnvInfo> missing = new ArrayList<>(expected);
    missing.removeAll(found);
    List<EnvInfo> over = new ArrayList<>(found);
    over.removeAll(expected);
    if (missing.isEmpty() && over.isEmpty()) {
      return found.equals(expected) ? ": of another time" : ": in another order, or twice";
    }
    return ": missing " + names(missing) + ", has besides " + names(over);
  }

  private static String names(List<EnvInfo> runs) {
    return runs.stream()
        .map(r -> Integer.toUnsignedString(r.getRunNumber()) + "/" + r.getEnvironmentId())
        .collect(Collectors.joining(",", "[", "]"));
  }

  private void report(Kind kind, ReadRecord list, String text) {
    findings.add(kind, list.subject(), text + "; " + list.where());
  }
}
