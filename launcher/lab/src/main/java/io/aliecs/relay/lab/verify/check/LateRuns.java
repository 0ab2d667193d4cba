package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.check.Discrepancy.Kind;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import io.aliecs.relay.proto.kafka.EnvInfo;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Checks that no reader is left with half a run where publishing went off and on: a run of which
 * anything was published has its start and, once it is over, its end and the state entered then;
 * one that is on has its start. What is late is nothing else.
 */
final class LateRuns {
  private static final String ANNOUNCED = "aliecs.before_start_activity";
  private static final String STARTED = "aliecs.env_state.RUNNING";
  private static final String ENDED = "aliecs.env_leave_state.RUNNING";

  private final Matching matching;
  private final Findings findings;

  /** The run of each environment while its messages are gone through. */
  private final Map<String, Run> runs = new HashMap<>();

  private static final class Run {
    private @Nullable Track announced;
    private @Nullable Track started;
    private @Nullable Track ended;
    private @Nullable Track left;
  }

  LateRuns(Matching matching, Findings findings) {
    this.matching = matching;
    this.findings = findings;
  }

  void check() {
    for (Track track : matching.tracks()) {
      ExpectedMessage message = track.message();
      if (track.change().published() && message != null) {
        follow(track, message);
      }
    }
    runs.values().forEach(this::judge);
  }

  private void follow(Track track, ExpectedMessage message) {
    EnvInfo info = message.value().getEnvInfo();
    Run run = runs.computeIfAbsent(info.getEnvironmentId(), id -> new Run());
    switch (message.topic()) {
      case ANNOUNCED -> {
        judge(run);
        Run next = new Run();
        next.announced = track;
        runs.put(info.getEnvironmentId(), next);
      }
      case STARTED -> run.started = track;
      case ENDED -> run.ended = track;
      default -> {
        boolean entered = message.topic().startsWith("aliecs.env_state.");
        if (entered && run.started != null) {
          run.left = track;
          judge(run);
          runs.remove(info.getEnvironmentId());
        } else if (isLate(track)) {
          report(Kind.GHOST, track, "late, but neither start nor end of a run");
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

  private void require(@Nullable Track track) {
    if (track != null && !isThere(track)) {
      report(Kind.LOST, track, "half a run: missing");
    }
  }

  private boolean isThere(@Nullable Track track) {
    return track != null && matching.matched().containsKey(track);
  }

  private boolean isLate(Track track) {
    ReadRecord found = matching.matched().get(track);
    return found != null && found.late();
  }

  private void report(Kind kind, Track track, String why) {
    findings.add(kind, track.environmentId(), why + ": " + track.what());
  }
}
