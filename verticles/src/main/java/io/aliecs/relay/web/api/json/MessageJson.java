package io.aliecs.relay.web.api.json;

import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.PublishingGap.Owed;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.Topics;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What became of a message of a step, as {@code openapi.json} describes it. Pure functions. */
final class MessageJson {
  /** Readers that missed one of these are told late, unless the whole run lies in the gap. */
  private static final Set<String> OF_A_RUN =
      Set.of(Topics.BEFORE_START, Topics.SOR, Topics.leaving(State.RUNNING));

  private MessageJson() {}

  static JsonObject message(
      Environment environment, TimelineEntry step, String topic, Outbox outbox) {
    ParkedMessage parked = step.publishing() ? outbox.parked(step.entryId(), topic) : null;
    String reason = parked == null ? null : parked.reason();
    return new JsonObject()
        .put("topic", topic)
        .put("status", status(step, outbox, parked))
        .put("reason", step.publishing() ? reason : whyOff(environment, step, topic, outbox));
  }

  private static String status(TimelineEntry step, Outbox outbox, @Nullable ParkedMessage parked) {
    if (!step.publishing()) {
      return "off";
    }
    if (parked != null) {
      return parked.resending() ? "pending" : "parked";
    }
    return outbox.isPending(step.entryId()) ? "pending" : "published";
  }

  /** What is known of a message about a run that did not go out in time; the state has no more. */
  private static @Nullable String whyOff(
      Environment environment, TimelineEntry step, String topic, Outbox outbox) {
    Long run = step.runNumber();
    if (run == null || !environment.publish() || !OF_A_RUN.contains(topic)) {
      return null;
    }
    boolean skipped =
        outbox.gap().skipped().stream()
            .anyMatch(one -> one.number() == run && one.environmentId().equals(environment.id()));
    if (skipped) {
      return "not published: the whole run fell in a time without publishing";
    }
    return outbox.gap().owed().stream()
        .filter(owed -> isOf(owed, environment, step, topic))
        .findFirst()
        .map(
            owed ->
                "late: goes out once publishing is on again"
                    + (owed.settled() ? "" : ", if the run is still on then"))
        .orElse("not in time, publishing was off then; sent late if readers lacked it afterwards");
  }

  private static boolean isOf(
      Owed owed, Environment environment, TimelineEntry step, String topic) {
    return owed.entry().environmentId().equals(environment.id())
        && owed.entry().eventId().equals(step.eventId())
        && owed.entry().messages().stream().anyMatch(message -> message.topic().equals(topic));
  }
}
