package io.aliecs.relay.environment;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.environment.Ending;
import io.aliecs.relay.domain.environment.Environment;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends, on the leader, the environments whose end is to be expected and does not come within the
 * grace period. It counts from when this host has first seen it, and never ends before it is over
 * by AliECS's own time: what a relay reads late may be followed by an end that was reported in
 * time. Lives on one context; its timer ends with the verticle.
 */
final class EndKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(EndKeeper.class);
  private static final long LOOK_MS = 500;

  private final Vertx vertx;
  private final long graceMs;
  private final Clock clock;
  private final LeaderDuty leader;

  /** When an end was first seen to be expected, ms of {@link System#nanoTime()}. */
  private final Map<String, Expected> expected = new HashMap<>();

  private final Set<String> appending = new HashSet<>();

  private record Expected(Ending ending, long sinceMs) {}

  EndKeeper(Vertx vertx, HistoryOptions options, Clock clock, LeaderDuty leader) {
    this.vertx = vertx;
    this.graceMs = options.endGrace().toMillis();
    this.clock = clock;
    this.leader = leader;
  }

  void start() {
    vertx.setPeriodic(LOOK_MS, timer -> look());
  }

  private void look() {
    RelayState now = leader.now();
    if (!leader.isLeading()) {
      expected.clear();
      return;
    }
    expected.keySet().removeIf(id -> ending(now, id) == null);
    now.environments().values().forEach(this::look);
  }

  private static @Nullable Ending ending(RelayState state, String id) {
    Environment environment = state.environments().get(id);
    return environment == null ? null : environment.ending();
  }

  private void look(Environment environment) {
    Ending ending = environment.ending();
    if (ending == null) {
      return;
    }
    long nowMs = System.nanoTime() / 1_000_000;
    Expected known = expected.get(environment.id());
    if (known == null || !known.ending().equals(ending)) {
      known = new Expected(ending, nowMs);
      expected.put(environment.id(), known);
    }
    boolean due = nowMs - known.sinceMs() >= graceMs && clock.millis() - ending.since() >= graceMs;
    if (due && appending.add(environment.id())) {
      end(environment, ending);
    }
  }

  private void end(Environment environment, Ending ending) {
    Command command =
        new Command.EnvironmentEnded(
            environment.id(),
            ending.cause(),
            ending.reason(),
            "",
            environment.lastEventAt(),
            ending.since());
    leader
        .append(command)
        .onComplete(
            done -> {
              appending.remove(environment.id());
              if (done.failed()) {
                LOG.debug("{} not ended yet: {}", environment.id(), done.cause().getMessage());
              }
            });
  }
}
