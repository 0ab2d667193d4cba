package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the checker found.
 *
 * @param expected messages that had to be there, the lists of changes with them
 * @param read records under {@code read_committed}
 * @param resent records under {@code read_committed} that somebody has asked for once more
 * @param repeated records that only a {@code read_uncommitted} reader sees again, under the same id
 */
public record CheckResult(
    long expected, long read, long resent, long repeated, List<Discrepancy> findings) {

  public CheckResult {
    findings = List.copyOf(findings);
  }

  /** Of what readers got, and what is wrong with it. */
  public static CheckResult of(
      ExpectedLoad load, List<ReadRecord> committed, long repeated, List<Discrepancy> findings) {
    long resent = committed.stream().filter(ReadRecord::repeat).count();
    return new CheckResult(load.required(), committed.size(), resent, repeated, findings);
  }

  /** Whether everything is as the contract says. */
  public boolean isClean() {
    return findings.isEmpty();
  }

  /** How many findings of a kind there are, of both readers. */
  public long count(Kind kind) {
    return findings.stream().filter(finding -> finding.kind() == kind).count();
  }

  /** How many findings there are by environment; those of none under the empty id. */
  public Map<String, Long> byEnvironment() {
    return findings.stream()
        .collect(
            Collectors.groupingBy(Discrepancy::environmentId, TreeMap::new, Collectors.counting()));
  }

  /** The first findings of each kind and reader, at most {@code limit} of each. */
  public List<Discrepancy> examples(int limit) {
    return Stream.of(Isolation.values())
        .flatMap(
            isolation ->
                Stream.of(Kind.values())
                    .flatMap(
                        kind ->
                            findings.stream()
                                .filter(f -> f.kind() == kind && f.isolation() == isolation)
                                .limit(limit)))
        .sorted(Comparator.comparing(Discrepancy::kind))
        .toList();
  }
}
