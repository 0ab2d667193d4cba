package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Isolation;
import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that no reader is left with half a run where publishing went off and on: a run of which
 * they were told anything has its start and, once it is over, its end and the state entered then;
 * one that is on has its start. What is late is nothing else.
 */
final class LateRuns {
  private static final String ANNOUNCED = "aliecs.before_start_activity";
  private static final String STARTED = "aliecs.env_state.RUNNING";
  private static final String ENDED = "aliecs.env_leave_state.RUNNING";

  private final Matching matching;
  private final Isolation isolation;
  private final List<Discrepancy> findings = new ArrayList<>();

  /** The run of each environment while its messages are gone through. */
  private final Map<String, Run> runs = new HashMap<>();

  private static final class Run {
    private @Nullable Track announced;
    private @Nullable Track started;
    private @Nullable Track ended;
    private @Nullable Track left;
  }

  LateRuns(Matching matching, Isolation isolation) {
    this.matching = matching;
    this.isolation = isolation;
  }

  List<Discrepancy> check() {
    for (Track slot : matching.slots()) {
      ExpectedMessage message = slot.message();
      if (slot.change().published() && message != null) {
        follow(slot, message);
      }
    }
    runs.values().forEach(this::judge);
    return findings;
  }

  private void follow(Track slot, ExpectedMessage message) {
    EnvInfo info = message.value().getEnvInfo();
    Run run = runs.computeIfAbsent(info.getEnvironmentId(), id -> new Run());
    switch (message.topic()) {
      case ANNOUNCED -> {
        judge(run);
        Run next = new Run();
        next.announced = slot;
        runs.put(info.getEnvironmentId(), next);
      }
      case STARTED -> run.started = slot;
      case ENDED -> run.ended = slot;
      default -> {
        boolean entered = message.topic().startsWith("aliecs.env_state.");
        if (entered && run.started != null) {
          run.left = slot;
          judge(run);
          runs.remove(info.getEnvironmentId());
        } else if (isLate(slot)) {
          report(Kind.GHOST, slot, "late, but neither start nor end of a run");
        }
      }
    }
  }

  private void judge(Run run) {
    if (run.started == null) {
      return; // it was announced at most, and did not happen
    }
    boolean over = run.left != null;
    boolean known = isThere(run.announced) || isThere(run.started) || isThere(run.ended);
    if (known || !over) {
      require(run.started);
      require(run.ended);
      require(run.left);
    }
  }

  private void require(@Nullable Track slot) {
    if (slot != null && !isThere(slot)) {
      report(Kind.LOST, slot, "half a run: missing");
    }
  }

  private boolean isThere(@Nullable Track slot) {
    return slot != null && matching.matched().containsKey(slot);
  }

  private boolean isLate(Track slot) {
    ReadRecord found = matching.matched().get(slot);
    return found != null && found.late();
  }

  private void report(Kind kind, Track slot, String why) {
    findings.add(new Discrepancy(kind, isolation, slot.environmentId(), why + ": " + slot.what()));
  }
}
