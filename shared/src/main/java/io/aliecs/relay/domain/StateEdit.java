package io.aliecs.relay.domain;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Outcome;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.ActiveRuns;
import io.aliecs.relay.domain.message.PublishingSettings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * The fields of a state while it is being changed by certain rules; lives for one call on one
 * thread.
 */
final class StateEdit {
  String journalId;
  PublishingSettings settings;
  long generation;
  long settingsSince;
  PMap<String, Environment> environments;
  PVector<Environment> ended;
  PMap<String, String> endedBy;
  PVector<String> endedOrder;
  PMap<SourcePartition, SourceProgress> sources;
  PMap<String, EnvironmentInfo> activeRuns;
  Outbox outbox;
  long epoch;
  int endedLimit;
  List<String> publishedTo;
  PMap<String, Long> inferredEnds;
  long coreStartedAt;
  long lastLoadedAt;
  int rules;

  /** The rules that are followed, one of {@link Rules}. */
  final int by;

  StateEdit(RelayState from, int by) {
    journalId = from.journalId();
    settings = from.settings();
    generation = from.generation();
    settingsSince = from.settingsSince();
    environments = from.environments();
    ended = from.ended();
    endedBy = from.endedBy();
    endedOrder = from.endedOrder();
    sources = from.sources();
    activeRuns = from.activeRuns();
    outbox = from.outbox();
    epoch = from.epoch();
    endedLimit = from.endedLimit();
    publishedTo = from.publishedTo();
    inferredEnds = from.inferredEnds();
    coreStartedAt = from.coreStartedAt();
    lastLoadedAt = from.lastLoadedAt();
    rules = from.rules();
    this.by = by;
  }

  void follow(Command.SettingsChanged changed) {
    boolean same = settingsSince != 0 && settings.sameAs(changed.settings());
    settingsSince = same ? settingsSince : changed.timestamp();
    generation = settings.publishesLike(changed.settings()) ? generation : generation + 1;
    if (by >= Rules.LATE && !settings.pluginEnabled() && changed.settings().pluginEnabled()) {
      outbox = outbox.resumed();
    }
    settings = changed.settings();
  }

  void advancePast(@Nullable SourcePosition source) {
    if (source != null) {
      SourceProgress known = sources.getOrDefault(source.partition(), SourceProgress.START);
      sources = sources.plus(source.partition(), known.advancedPast(source.offset()));
    }
  }

  void record(
      Environment environment,
      EnvironmentEvent event,
      Outcome outcome,
      boolean history,
      String reason) {
    List<OutboxMessage> messages = outcome.messages();
    boolean publishing = environment.publish() && settings.pluginEnabled() && !history;
    long entryId = 0;
    outbox = outbox.changed(event.timestamp());
    if (publishing && !messages.isEmpty()) {
      entryId = outbox.nextId();
      outbox = outbox.with(environment.id(), event.eventId(), event.timestamp(), messages);
    }
    if (environment.publish()) {
      messages.forEach(this::follow);
      outbox = outbox.withGap(gap(environment, event, messages, publishing || history));
    }
    Run run = environment.run();
    Long runNumber = run == null ? event.runNumber() : Long.valueOf(run.number());
    put(
        environment.withStep(
            new TimelineEntry(
                event.eventId(),
                event.timestamp(),
                event.type(),
                event.transition(),
                environment.state(),
                runNumber,
                outcome.verdict() == Verdict.ADOPTED,
                publishing,
                entryId,
                messages.stream().map(OutboxMessage::topic).toList(),
                event.source(),
                reason)),
        event.eventId());
  }

  private PublishingGap gap(
      Environment after, EnvironmentEvent event, List<OutboxMessage> messages, boolean published) {
    PublishingGap gap = outbox.gap();
    return published || by < Rules.LATE
        ? gap.published(after, messages)
        : gap.missed(environments.get(after.id()), after, event, messages);
  }

  private void follow(OutboxMessage message) {
    if (message instanceof ActiveRuns list) {
      activeRuns = list.applyTo(activeRuns);
    }
  }

  private void put(Environment environment, String eventId) {
    if (environment.state().isLive()) {
      environments = environments.plus(environment.id(), environment);
      return;
    }
    environments = environments.minus(environment.id());
    ended = ended.plus(environment);
    cutEnded();
    rememberEnd(environment.id(), eventId);
  }

  private void cutEnded() {
    while (ended.size() > endedLimit) {
      ended = ended.minus(0);
    }
  }

  void limitEnded(Command.HistoryLimited limited) {
    endedLimit = limited.environments();
    ended =
        TreePVector.from(ended.stream().filter(e -> e.changedAt() >= limited.before()).toList());
    cutEnded();
  }

  /** AliECS has now reported the end of an environment that was taken to be gone. */
  void confirmEnd(String environmentId, String eventId) {
    inferredEnds = inferredEnds.minus(environmentId);
    endedBy = endedBy.plus(environmentId, eventId);
  }

  /** It has come back. */
  void forgetEnd(String environmentId) {
    inferredEnds = inferredEnds.minus(environmentId);
    endedBy = endedBy.minus(environmentId);
    endedOrder = endedOrder.minus(environmentId);
    ended = TreePVector.from(ended.stream().filter(e -> !e.id().equals(environmentId)).toList());
  }

  void rememberEnd(String environmentId, String eventId) {
    if (!endedBy.containsKey(environmentId)) {
      endedBy = endedBy.plus(environmentId, eventId);
      endedOrder = endedOrder.plus(environmentId);
    }
    while (endedOrder.size() > RelayState.ENDED_IDS_LIMIT) {
      endedBy = endedBy.minus(endedOrder.get(0));
      inferredEnds = inferredEnds.minus(endedOrder.get(0));
      endedOrder = endedOrder.minus(0);
    }
  }

  RelayState done() {
    return new RelayState(
        journalId,
        settings,
        generation,
        settingsSince,
        environments,
        ended,
        endedBy,
        endedOrder,
        sources,
        activeRuns,
        outbox,
        epoch,
        endedLimit,
        publishedTo,
        inferredEnds,
        coreStartedAt,
        lastLoadedAt,
        rules);
  }
}
