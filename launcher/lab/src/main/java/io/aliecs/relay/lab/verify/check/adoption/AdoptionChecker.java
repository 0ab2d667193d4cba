package io.aliecs.relay.lab.verify.check.adoption;

import io.aliecs.relay.lab.verify.check.CheckResult;
import io.aliecs.relay.lab.verify.check.Discrepancy;
import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.check.Findings;
import io.aliecs.relay.lab.verify.check.ReadRecord;
import io.aliecs.relay.lab.verify.check.RepeatChecker;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.RunHistory;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Judges what readers got of a stream that has lost events by what AliECS's core knew. Pure.
 *
 * <p>Which messages there are depends on what was lost; what they say does not. Each environment's
 * are some of those that its whole life demands, in their order; see {@link AdoptedLife}. Every
 * list has the runs whose start was published and whose end was not, in its order, and never an
 * earlier time than the one before. The last list is, to the details of each run, what the core has
 * at the end.
 */
public final class AdoptionChecker {
  private final ExpectedLoad load;
  private final RunHistory history;
  private final Map<String, AdoptedLife> lives = new TreeMap<>();
  private final Findings findings;
  private final Map<String, Long> active = new HashMap<>();
  private List<EnvInfo> listed = List.of();
  private long listedAt;

  private AdoptionChecker(ExpectedLoad load, Isolation isolation) {
    this.load = load;
    this.findings = new Findings(isolation);
    this.history = new RunHistory(load.changes());
    load.changes().stream()
        .collect(Collectors.groupingBy(ExpectedChange::environmentId))
        .forEach((id, changes) -> lives.put(id, new AdoptedLife(changes)));
  }

  /**
   * Checks.
   *
   * @param load what would be demanded if nothing had been lost
   * @param committed everything a {@code read_committed} reader got from the relay's topics
   * @param uncommitted the same of a {@code read_uncommitted} reader
   */
  public static CheckResult check(
      ExpectedLoad load, List<ReadRecord> committed, List<ReadRecord> uncommitted) {
    List<Discrepancy> findings = new ArrayList<>();
    findings.addAll(new AdoptionChecker(load, Isolation.READ_COMMITTED).check(committed));
    findings.addAll(new AdoptionChecker(load, Isolation.READ_UNCOMMITTED).check(uncommitted));
    return CheckResult.of(load, committed, 0, findings);
  }

  private List<Discrepancy> check(List<ReadRecord> records) {
    checkOnce(records);
    findings.addAll(new RepeatChecker(load, findings.isolation()).check(records));
    records.stream()
        .filter(record -> !record.repeat())
        .sorted(ReadRecord.BY_SEQUENCE)
        .forEach(this::follow);
    lives.forEach(
        (id, life) -> life.judge().ifPresent(wrong -> findings.add(Kind.LOST, id, wrong)));
    checkLast();
    return findings.all();
  }

  /** Each message once, and in each partition in the order of the sequence. */
  private void checkOnce(List<ReadRecord> records) {
    Set<String> ids = new HashSet<>();
    Map<String, ReadRecord> last = new HashMap<>();
    for (ReadRecord found : ReadRecord.byOffset(records)) {
      if (!ids.add(found.id())) {
        findings.add(Kind.DOUBLED, found.subject(), "again: " + found.where());
      }
      ReadRecord before = last.put(found.topic() + " " + found.partition(), found);
      if (before != null && ReadRecord.BY_SEQUENCE.compare(found, before) < 0) {
        findings.add(Kind.REORDERED, found.subject(), found.where() + " behind " + before.where());
      }
    }
  }

  private void follow(ReadRecord found) {
    if (found.value() instanceof ReadRecord.Notice notice) {
      EnvInfo info = notice.message().getEnvInfo();
      AdoptedLife life = lives.get(info.getEnvironmentId());
      if (life == null) {
        findings.add(Kind.INVENTED, info.getEnvironmentId(), "no such one: " + found.where());
        return;
      }
      life.follow(found.topic(), notice.message())
          .ifPresent(
              wrong ->
                  findings.add(
                      wrong.kind(), info.getEnvironmentId(), wrong.text() + found.where()));
      if (life.run() == 0) {
        active.remove(info.getEnvironmentId());
      } else {
        active.put(info.getEnvironmentId(), life.run());
      }
    } else if (found.value() instanceof ReadRecord.Runs runs) {
      follow(found, runs.message());
    } else if (found.value() instanceof ReadRecord.Broken broken) {
      findings.add(Kind.INVENTED, found.subject(), broken.reason() + ": " + found.where());
    }
  }

  private void follow(ReadRecord found, ActiveRunsList list) {
    listed = list.getActiveRunsList();
    Map<String, Long> runs = new HashMap<>();
    for (EnvInfo run : listed) {
      runs.put(run.getEnvironmentId(), Integer.toUnsignedLong(run.getRunNumber()));
      AdoptedLife life = lives.get(run.getEnvironmentId());
      if (life == null || !life.isOf(run)) {
        findings.add(
            Kind.LIST, found.subject(), "untrue of a run: " + run + " in " + found.where());
      }
    }
    if (!runs.equals(active) || listed.size() != runs.size()) {
      findings.add(
          Kind.LIST,
          found.subject(),
          "has " + runs + " (expected: " + active + "), in " + found.where());
    }
    if (!RunHistory.inOrder(listed).equals(listed)) {
      findings.add(Kind.LIST, found.subject(), "in another order: " + found.where());
    }
    if (list.getTimestamp() < listedAt) {
      findings.add(Kind.LIST, found.subject(), "goes back from " + listedAt + ": " + found.where());
    }
    listedAt = Math.max(listedAt, list.getTimestamp());
  }

  private void checkLast() {
    List<EnvInfo> found = withoutTimes(listed);
    List<EnvInfo> expected = withoutTimes(history.after(Long.MAX_VALUE));
    if (!found.equals(expected)) {
      findings.add(Kind.LIST, "", "the last one is " + found + " (expected: " + expected + ")");
    }
  }

  /** A run begins later where the event of its start was lost. */
  private static List<EnvInfo> withoutTimes(List<EnvInfo> runs) {
    return runs.stream().map(run -> run.toBuilder().clearEnterStateTimestamp().build()).toList();
  }
}
