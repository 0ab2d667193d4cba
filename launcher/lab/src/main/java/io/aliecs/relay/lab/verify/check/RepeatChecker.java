package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedLoad;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import io.aliecs.relay.lab.verify.expected.OffPeriod;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks what is published once more because somebody has asked for it. Pure.
 *
 * <p>Each request that was taken has its record, and nothing else has one. It repeats to the last
 * field what was published before it: the last list, or the state that its environment was last
 * published in, with what AliECS's core has reported of it since; never a run whose end was
 * published. Where publishing was off, the state may be one that was never published. Nothing else
 * is judged by these records: the other checkers do not see them.
 */
public final class RepeatChecker {
  private static final String CAUSE = "resend:";
  private static final String ENTERED = "aliecs.env_state.";
  private static final String ENDED = "aliecs.env_leave_state.RUNNING";

  private final ExpectedLoad load;
  private final Findings findings;
  private final Set<ExpectedMessage> unpublished;

  /** Whether a transaction may be seen that was aborted, and is sent again behind it. */
  private final boolean seesAborted;

  public RepeatChecker(ExpectedLoad load, Isolation isolation) {
    this.load = load;
    this.findings = new Findings(isolation);
    this.seesAborted = isolation.allowsRepeats(load);
    this.unpublished =
        load.changes().stream()
            .filter(ExpectedChange::published)
            .filter(change -> load.position(change.order()) != OffPeriod.Position.OUTSIDE)
            .flatMap(change -> change.messages().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Checks everything that a reader got, what is no repetition too. */
  public List<Discrepancy> check(List<ReadRecord> records) {
    checkRequests(records.stream().filter(ReadRecord::repeat).toList());
    if (!seesAborted) {
      checkPlaces(records);
    }
    if (findings.isolation() == Isolation.READ_COMMITTED) { // of the others' some were aborted
      checkContent(records);
    }
    return findings.all();
  }

  private void checkRequests(List<ReadRecord> repeats) {
    Map<String, ReadRecord> found = new HashMap<>();
    for (ReadRecord repeat : repeats) {
      String request = request(repeat);
      if (!repeat.subject().equals(load.repeats().asked().get(request))) {
        report(Kind.INVENTED, repeat, "nobody has asked for it");
      }
      ReadRecord first = found.putIfAbsent(request, repeat);
      if (first != null && !(seesAborted && first.id().equals(repeat.id()))) {
        report(Kind.DOUBLED, repeat, "asked for once");
      }
    }
    for (String request : load.repeats().taken()) {
      if (!found.containsKey(request)) {
        String environmentId = load.repeats().asked().getOrDefault(request, "");
        findings.add(Kind.LOST, environmentId, "missing: what " + request + " asked for");
      }
    }
  }

  private static String request(ReadRecord repeat) {
    return repeat.cause().startsWith(CAUSE) ? repeat.cause().substring(CAUSE.length()) : "";
  }

  /** They stand in the order of everything else. */
  private void checkPlaces(List<ReadRecord> records) {
    Map<String, ReadRecord> last = new HashMap<>();
    for (ReadRecord found : ReadRecord.byOffset(records)) {
      ReadRecord before = last.put(found.log(), found);
      if (before != null
          && (found.repeat() || before.repeat())
          && ReadRecord.BY_SEQUENCE.compare(found, before) < 0) {
        report(Kind.REORDERED, found, "behind " + before.where());
      }
    }
  }

  private void checkContent(List<ReadRecord> records) {
    Map<String, ReadRecord> published = new HashMap<>();
    for (ReadRecord found : records.stream().sorted(ReadRecord.BY_SEQUENCE).toList()) {
      String of = found.value() instanceof ReadRecord.Runs ? "" : found.subject();
      if (found.repeat()) {
        check(found, published.get(of));
      } else if (of.isEmpty() || found.topic().startsWith(ENTERED)) {
        published.put(of, found);
      } else if (found.topic().equals(ENDED)) {
        published.remove(of);
      }
    }
  }

  private void check(ReadRecord repeat, @Nullable ReadRecord before) {
    boolean same =
        before != null
            && before.topic().equals(repeat.topic())
            && (before.value().equals(repeat.value()) || isCompleted(before, repeat));
    boolean neverPublished =
        repeat.value() instanceof ReadRecord.Notice notice
            && unpublished.contains(new ExpectedMessage(repeat.topic(), notice.message()));
    if (!same && !neverPublished) {
      Kind kind = repeat.value() instanceof ReadRecord.Runs ? Kind.LIST : Kind.INVENTED;
      report(
          kind,
          repeat,
          "repeats nothing; what was published last: "
              + (before == null ? "nothing" : Matching.describe(before)));
    }
  }

  /** Whether detectors or type were not known yet when it was published first. */
  private static boolean isCompleted(ReadRecord before, ReadRecord repeat) {
    if (!(before.value() instanceof ReadRecord.Notice first)
        || !(repeat.value() instanceof ReadRecord.Notice again)) {
      return false;
    }
    EnvInfo known = first.message().getEnvInfo();
    EnvInfo.Builder less = again.message().getEnvInfo().toBuilder();
    if (known.getDetectorsCount() == 0) {
      less.clearDetectors();
    }
    if (known.getRunType().isEmpty()) {
      less.clearRunType();
    }
    return again.message().toBuilder().setEnvInfo(less).build().equals(first.message());
  }

  private void report(Kind kind, ReadRecord repeat, String text) {
    findings.add(kind, repeat.subject(), text + ": repetition " + Matching.describe(repeat));
  }
}
