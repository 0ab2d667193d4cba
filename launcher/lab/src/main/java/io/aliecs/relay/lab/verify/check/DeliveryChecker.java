package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.RunHistory;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Compares what happened with what readers got. Pure: knows no Kafka.
 *
 * <p>Every message must be there exactly once, to the last field, each environment's in order, and
 * every list must be right in its place; see {@link Discrepancy.Kind} for what can be wrong. A
 * {@code read_uncommitted} reader must see the same, but may see a message again under the same id
 * where the load says so. What somebody has asked for once more stands in for nothing: {@link
 * RepeatChecker}.
 */
public final class DeliveryChecker {
  private final ExpectedLoad load;
  private final RunHistory history;

  private DeliveryChecker(ExpectedLoad load) {
    this.load = load;
    this.history = new RunHistory(load.changes());
  }

  /**
   * Checks.
   *
   * @param committed everything a {@code read_committed} reader got from the relay's topics
   * @param uncommitted the same of a {@code read_uncommitted} reader
   */
  public static CheckResult check(
      ExpectedLoad load, List<ReadRecord> committed, List<ReadRecord> uncommitted) {
    DeliveryChecker checker = new DeliveryChecker(load);
    Findings ofCommitted = new Findings(Isolation.READ_COMMITTED);
    checker.check(committed, ofCommitted);
    Findings ofUncommitted = new Findings(Isolation.READ_UNCOMMITTED);
    long repeated = checker.check(uncommitted, ofUncommitted);
    ofCommitted.addAll(ofUncommitted.all());
    return CheckResult.of(load, committed, repeated, ofCommitted.all());
  }

  private long check(List<ReadRecord> records, Findings findings) {
    Matching matching = new Matching(load, findings);
    Collection<List<ReadRecord>> partitions = partitions(records);
    partitions.forEach(partition -> partition.forEach(matching::add));
    new PresenceChecker(load, matching, findings).check();
    for (List<ReadRecord> partition : partitions) {
      checkPartition(partition, matching, findings);
    }
    if (findings.isolation() == Isolation.READ_COMMITTED) {
      checkEnvironments(matching, findings);
    }
    findings.addAll(new RepeatChecker(load, findings.isolation()).check(records));
    return matching.repeated();
  }

  /** The records of each partition by offset. */
  private static Collection<List<ReadRecord>> partitions(List<ReadRecord> records) {
    return ReadRecord.byOffset(records).stream()
        .collect(Collectors.groupingBy(ReadRecord::log, TreeMap::new, Collectors.toList()))
        .values();
  }

  /** By offset everything ascends: sequence, place in the load, and the content of lists. */
  private void checkPartition(List<ReadRecord> partition, Matching matching, Findings findings) {
    Map<String, Track> last = new HashMap<>();
    ReadRecord before = null;
    boolean lists = false;
    for (ReadRecord found : partition) {
      Track track = matching.byId().get(found.id());
      lists |= found.value() instanceof ReadRecord.Runs;
      boolean repeat =
          track != null && track.index() >= 0 && !found.equals(matching.matched().get(track));
      if (track == null || repeat) {
        continue;
      }
      if (before != null && ReadRecord.BY_SEQUENCE.compare(found, before) < 0) {
        addReordered(findings, track, found, before);
      }
      before = found;
      String key = found.value() instanceof ReadRecord.Runs ? "" : track.environmentId();
      Track previous = track.index() < 0 ? null : last.put(key, track);
      if (previous != null && previous.index() > track.index()) {
        findings.add(
            Kind.REORDERED,
            track.environmentId(),
            track.what() + " behind " + previous.what() + ": " + found.where());
      }
    }
    if (lists) {
      new ListChecker(load, history, matching.byId(), findings).check(partition);
    }
  }

  private static void addReordered(
      Findings findings, Track track, ReadRecord found, ReadRecord before) {
    findings.add(
        Kind.REORDERED, track.environmentId(), found.where() + " behind " + before.where());
  }

  /**
   * Over all topics, the sequence has each environment's messages in their order. Only where none
   * is read twice: a repetition has a new sequence.
   */
  private static void checkEnvironments(Matching matching, Findings findings) {
    Map<String, ReadRecord> last = new HashMap<>();
    matching.matched().entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getKey().index()))
        .forEach(
            entry -> {
              ReadRecord found = entry.getValue();
              ReadRecord before = last.put(entry.getKey().environmentId(), found);
              if (before != null && ReadRecord.BY_SEQUENCE.compare(found, before) <= 0) {
                addReordered(findings, entry.getKey(), found, before);
              }
            });
  }
}
