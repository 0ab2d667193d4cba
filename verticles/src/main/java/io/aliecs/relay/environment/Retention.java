package io.aliecs.relay.environment;

import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.vertx.core.Vertx;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits, on the leader, what is kept of environments that have ended. The time is that of the
 * leader, so that all hosts drop the same. Lives on one context; its timer ends with the verticle.
 */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final long LOOK_MS = 1_000;

  private final Vertx vertx;
  private final HistoryOptions options;
  private final Clock clock;
  private final LeaderDuty leader;
  private boolean appending;

  Retention(Vertx vertx, HistoryOptions options, Clock clock, LeaderDuty leader) {
    this.vertx = vertx;
    this.options = options;
    this.clock = clock;
    this.leader = leader;
  }

  void start() {
    vertx.setPeriodic(LOOK_MS, timer -> look());
  }

  private void look() {
    long before = clock.millis() - options.age().toMillis();
    if (!appending && leader.isLeading() && keepsTooMuch(leader.now(), before)) {
      limit(before);
    }
  }

  private boolean keepsTooMuch(RelayState now, long before) {
    return now.endedLimit() != options.environments()
        || now.ended().stream().anyMatch(environment -> environment.changedAt() < before);
  }

  private void limit(long before) {
    appending = true;
    leader
        .append(new Command.HistoryLimited(options.environments(), before))
        .onComplete(
            done -> {
              appending = false;
              if (done.failed()) {
                LOG.debug("history not limited yet: {}", done.cause().getMessage());
              }
            });
  }
}
