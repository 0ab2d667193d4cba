package io.aliecs.relay.domain;

import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import io.aliecs.relay.domain.message.Topics;
import org.jspecify.annotations.Nullable;

/**
 * What is published once more because somebody has asked for it, or why not.
 *
 * @param message what is published again; null when nothing is
 * @param timestamp when it was observed, ms since epoch: that of the message that is repeated
 * @param reason why nothing is published, empty otherwise
 */
record Repetition(Verdict verdict, @Nullable OutboxMessage message, long timestamp, String reason) {

  static Repetition of(RelayState state, Command.ResendRequested request) {
    Outbox outbox = state.outbox();
    if (outbox.wasAsked(request.requestId())) {
      return none(Verdict.DUPLICATE, "asked for before");
    }
    String off = state.whyPluginOff();
    if (off != null) {
      return none(Verdict.REFUSED, "publishing is off: " + off + " (expected: on)");
    }
    if (outbox.hasMostResends()) {
      return none(
          Verdict.REFUSED,
          Outbox.RESENDS_LIMIT + " repetitions wait for Kafka (expected: fewer; see health)");
    }
    if (request.environmentId().isEmpty()) {
      long listed = outbox.listTime().last();
      long timestamp = listed == 0 ? request.timestamp() : listed; // 0: publishing is to start yet
      return new Repetition(Verdict.APPLIED, ActiveRuns.UNCHANGED, timestamp, "");
    }
    Environment environment = state.environments().get(request.environmentId());
    return environment == null ? none(Verdict.UNKNOWN_ENVIRONMENT, "not tracked") : of(environment);
  }

  private static Repetition of(Environment environment) {
    if (!environment.publish()) {
      return none(Verdict.REFUSED, "it is not published (expected: one that is)");
    }
    Run run = environment.run();
    if (run != null && run.endAnnounced()) { // a start behind the end would be half a run
      return none(
          Verdict.REFUSED,
          "readers were told the end of run "
              + run.number()
              + " (expected: a run that goes on, or another state)");
    }
    String topic = Topics.entered(environment.state());
    long timestamp = environment.enteredAt();
    for (TimelineEntry step : environment.timeline()) {
      timestamp = step.topics().contains(topic) ? step.timestamp() : timestamp;
    }
    EnvironmentInfo info =
        new EnvironmentInfo(
            environment.id(),
            run == null ? null : Long.valueOf(run.number()),
            run == null ? null : run.type(),
            environment.state(),
            environment.detectors(),
            environment.enteredAt());
    return new Repetition(Verdict.APPLIED, new Notification(topic, info), timestamp, "");
  }

  private static Repetition none(Verdict verdict, String reason) {
    return new Repetition(verdict, null, 0, reason);
  }
}
