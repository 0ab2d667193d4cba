package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.RunHistory;
import java.util.ArrayList;
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
    List<Discrepancy> findings = new ArrayList<>();
    checker.check(committed, Isolation.READ_COMMITTED, findings);
    long repeated = checker.check(uncommitted, Isolation.READ_UNCOMMITTED, findings);
    return CheckResult.of(load, committed, repeated, findings);
  }

  private long check(List<ReadRecord> records, Isolation isolation, List<Discrepancy> findings) {
    Matching matching = new Matching(load, isolation);
    Collection<List<ReadRecord>> partitions = partitions(records);
    partitions.forEach(partition -> partition.forEach(matching::add));
    findings.addAll(matching.findings());
    findings.addAll(new PresenceChecker(load, matching, isolation).check());
    for (List<ReadRecord> partition : partitions) {
      checkPartition(partition, matching, isolation, findings);
    }
    checkEnvironments(matching, isolation, findings);
    findings.addAll(new RepeatChecker(load, isolation).check(records));
    return matching.repeated();
  }

  /** The records of each partition by offset. */
  private static Collection<List<ReadRecord>> partitions(List<ReadRecord> records) {
    return ReadRecord.byOffset(records).stream()
        .collect(Collectors.groupingBy(ReadRecord::log, TreeMap::new, Collectors.toList()))
        .values();
  }

  /** By offset everything ascends: sequence, place in the load, and the content of lists. */
  private void checkPartition(
      List<ReadRecord> partition,
      Matching matching,
      Isolation isolation,
      List<Discrepancy> findings) {
    Map<String, Track> last = new HashMap<>();
    ReadRecord before = null;
    boolean lists = false;
    for (ReadRecord found : partition) {
      Track slot = matching.byId().get(found.id());
      lists |= found.value() instanceof ReadRecord.Runs;
      boolean repeat =
          slot != null && slot.index() >= 0 && !found.equals(matching.matched().get(slot));
      if (slot == null || repeat) {
        continue;
      }
      if (before != null && ReadRecord.BY_SEQUENCE.compare(found, before) < 0) {
        findings.add(reordered(isolation, slot, found, before));
      }
      before = found;
      String key = found.value() instanceof ReadRecord.Runs ? "" : slot.environmentId();
      Track previous = slot.index() < 0 ? null : last.put(key, slot);
      if (previous != null && previous.index() > slot.index()) {
        findings.add(
            new Discrepancy(
                Kind.REORDERED,
                isolation,
                slot.environmentId(),
                slot.what() + " behind " + previous.what() + ": " + found.where()));
      }
    }
    if (lists) {
      findings.addAll(new ListChecker(load, history, matching.byId(), isolation).check(partition));
    }
  }

  private static Discrepancy reordered(
      Isolation isolation, Track slot, ReadRecord found, ReadRecord before) {
    return new Discrepancy(
        Kind.REORDERED,
        isolation,
        slot.environmentId(),
        found.where() + " behind " + before.where());
  }

  /** Over all topics, the sequence has each environment's messages in their order. */
  private static void checkEnvironments(
      Matching matching, Isolation isolation, List<Discrepancy> findings) {
    Map<String, ReadRecord> last = new HashMap<>();
    matching.matched().entrySet().stream()
        .sorted(Comparator.comparingLong(entry -> entry.getKey().index()))
        .forEach(
            entry -> {
              ReadRecord found = entry.getValue();
              ReadRecord before = last.put(entry.getKey().environmentId(), found);
              // A repetition has a new sequence: only the first of two tells the order.
              boolean told = isolation == Isolation.READ_COMMITTED;
              if (told && before != null && ReadRecord.BY_SEQUENCE.compare(found, before) <= 0) {
                findings.add(reordered(isolation, entry.getKey(), found, before));
              }
            });
  }
}
