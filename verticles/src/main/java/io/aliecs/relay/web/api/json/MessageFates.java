package io.aliecs.relay.web.api.json;

import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.PublishingGap;
import io.aliecs.relay.domain.PublishingGap.Owed;
import io.aliecs.relay.domain.PublishingGap.SkippedRun;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.environment.EndedRun;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.Topics;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the messages of one environment. A step of its timeline knows whether its messages
 * went out in time; what became of those about a run that did not is concluded from what is owed,
 * on its way, parked and skipped, and from what came after. Pure; lives for one answer.
 */
final class MessageFates {
  private static final String OFF = "off";
  private static final String HISTORY =
      "not published: it was in AliECS's stream before this relay joined";
  private static final String SKIPPED =
      "not published: the whole run fell in a time without publishing";
  private static final String OWED = "late: goes out once publishing is on again";
  private static final String NOT_KNOWN =
      "not in time, publishing was off then; sent late if readers lacked it afterwards";

  private static final String END_OF_RUN = Topics.leaving(State.RUNNING);

  /** Readers that missed one of these get it late, unless the whole run lies in the gap. */
  private static final Set<String> OF_A_RUN = Set.of(Topics.BEFORE_START, Topics.SOR, END_OF_RUN);

  private final RelayState state;
  private final Environment environment;
  private final List<TimelineEntry> steps;
  private final List<OutboxEntry> lateOnTheirWay;
  private final List<ParkedMessage> lateParked;

  MessageFates(RelayState state, Environment environment) {
    this.state = state;
    this.environment = environment;
    this.steps = environment.timeline();
    boolean inTime = steps.stream().allMatch(TimelineEntry::publishing);
    Outbox outbox = state.outbox();
    this.lateOnTheirWay =
        inTime ? List.of() : outbox.entries().values().stream().filter(this::isLate).toList();
    this.lateParked =
        inTime
            ? List.of()
            : outbox.parked().values().stream().filter(one -> isLate(one.entry())).toList();
  }

  /**
   * What became of a message.
   *
   * @param status as {@code openapi.json} has them
   * @param late whether it goes out, or went, once publishing was on again
   * @param reason why it is so, where that is not plain
   */
  record Fate(String status, boolean late, @Nullable String reason) {
    private static Fate off(@Nullable String reason) {
      return new Fate(OFF, false, reason);
    }
  }

  /** The run that a message of a step is about, or null when it is about none. */
  @Nullable Long runOf(int step, String topic) {
    if (!OF_A_RUN.contains(topic)) {
      return null;
    }
    boolean ends = topic.equals(END_OF_RUN) && step > 0; // by then another one may be on
    TimelineEntry before = ends ? steps.get(step - 1) : null;
    return before != null && before.state() == State.RUNNING
        ? before.runNumber()
        : steps.get(step).runNumber();
  }

  /** What became of a message of a step. */
  Fate of(int step, String topic) {
    TimelineEntry entry = steps.get(step);
    if (entry.publishing()) {
      ParkedMessage parked = state.outbox().parked(entry.entryId(), topic);
      return parked == null
          ? new Fate(
              state.outbox().isPending(entry.entryId()) ? "pending" : "published", false, null)
          : parked(parked, false);
    }
    Long run = runOf(step, topic);
    if (run == null || !environment.publish()) {
      return Fate.off(null);
    }
    if (state.isHistory(entry.source())) {
      return Fate.off(HISTORY);
    }
    return skippedRuns().stream().anyMatch(one -> isOf(one, run))
        ? Fate.off(SKIPPED)
        : late(step, topic, run);
  }

  private static Fate parked(ParkedMessage message, boolean late) {
    return new Fate(message.resending() ? "pending" : "parked", late, message.reason());
  }

  private Fate late(int step, String topic, long run) {
    TimelineEntry entry = steps.get(step);
    for (Owed owed : state.outbox().gap().owed()) {
      if (isOf(owed.entry(), entry, topic)) {
        return new Fate(OFF, true, OWED + (owed.settled() ? "" : ", if the run is still on then"));
      }
    }
    for (ParkedMessage parked : lateParked) {
      if (parked.topic().equals(topic) && isOf(parked.entry(), entry, topic)) {
        return parked(parked, true);
      }
    }
    boolean onItsWay =
        lateOnTheirWay.stream().anyMatch(one -> one.sends(topic) && isOf(one, entry, topic));
    if (onItsWay) {
      return new Fate("pending", true, null);
    }
    return wasSent(step, run) ? new Fate("published", true, null) : Fate.off(NOT_KNOWN);
  }

  /**
   * Whether what was owed once, and is no more, has been sent: the run goes on, or something of it
   * came after publishing was on again, or it is over and is none of those that were skipped.
   */
  private boolean wasSent(int step, long run) {
    Run on = environment.run();
    if ((on != null && on.number() == run) || environment.announcedRun() == run) {
      return true;
    }
    boolean publishedSince =
        steps.stream().skip(step + 1L).anyMatch(one -> one.publishing() && isOf(one, run));
    return publishedSince || (hasBeenOn(run) && wouldBeAmongSkipped(run));
  }

  private boolean hasBeenOn(long run) {
    return steps.stream().anyMatch(one -> isOf(one, run) && one.state() == State.RUNNING);
  }

  /** Whether all the runs that were skipped since that one ended are remembered. */
  private boolean wouldBeAmongSkipped(long run) {
    List<SkippedRun> skipped = skippedRuns();
    if (skipped.size() < PublishingGap.SKIPPED_LIMIT) {
      return true;
    }
    long oldest = skipped.get(0).endedAt();
    return environment.endedRuns().stream()
        .anyMatch((EndedRun one) -> one.number() == run && one.endedAt() > oldest);
  }

  private List<SkippedRun> skippedRuns() {
    return state.outbox().gap().skipped();
  }

  private boolean isLate(OutboxEntry entry) {
    return entry.late() && entry.environmentId().equals(environment.id());
  }

  private boolean isOf(SkippedRun skipped, long run) {
    return skipped.number() == run && skipped.environmentId().equals(environment.id());
  }

  private static boolean isOf(TimelineEntry step, long run) {
    return step.runNumber() != null && step.runNumber() == run;
  }

  private boolean isOf(OutboxEntry entry, TimelineEntry step, String topic) {
    return entry.environmentId().equals(environment.id())
        && entry.eventId().equals(step.eventId())
        && entry.messages().stream().anyMatch(message -> message.topic().equals(topic));
  }
}
