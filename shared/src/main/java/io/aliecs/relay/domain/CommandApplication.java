package io.aliecs.relay.domain;

import io.aliecs.relay.domain.RelayState.Applied;
import io.aliecs.relay.domain.aliecs.EndCause;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.OutboxMessage;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pcollections.PMap;

/** Applies a command to a state, by certain rules. */
record CommandApplication(RelayState state, int by) implements Command.Visitor<Applied> {

  @Override
  public Applied environmentEvent(EnvironmentEvent event) {
    return new EventApplication(state, edit(), event).applied();
  }

  @Override
  public Applied journalCreated(Command.JournalCreated created) {
    return change(
        edit -> {
          if (state.journalId().isEmpty()) {
            edit.journalId = created.journalId();
          }
        });
  }

  @Override
  public Applied settingsChanged(Command.SettingsChanged changed) {
    return change(edit -> edit.follow(changed));
  }

  @Override
  public Applied sourceJoined(Command.SourceJoined joined) {
    return change(edit -> edit.sources = joined(joined.ends()));
  }

  @Override
  public Applied sourceMoved(Command.SourceMoved moved) {
    return change(edit -> edit.sources = moved(moved));
  }

  @Override
  public Applied publishingStarted(Command.PublishingStarted started) {
    Applied applied =
        change(
            edit -> {
              edit.outbox = started(started);
              edit.epoch++;
              edit.publishedTo = started.servers();
            });
    return new Applied(applied.state(), Verdict.APPLIED, missing(started), Set.of());
  }

  @Override
  public Applied delivered(Command.Delivered delivered) {
    return change(edit -> edit.outbox = edit.outbox.delivered(delivered.sequence()));
  }

  @Override
  public Applied parked(Command.Parked parked) {
    return change(
        edit -> edit.outbox = edit.outbox.park(parked.refusals(), parked.timestamp(), by));
  }

  @Override
  public Applied resent(Command.Resent resent) {
    return change(edit -> edit.outbox = edit.outbox.resend(resent.keys(), resent.timestamp()));
  }

  @Override
  public Applied historyLimited(Command.HistoryLimited limited) {
    return change(edit -> edit.limitEnded(limited));
  }

  @Override
  public Applied coreStarted(Command.CoreStarted started) {
    if (state.isApplied(started.source())) {
      return new Applied(state, Verdict.DUPLICATE, "record applied before", Set.of());
    }
    StateEdit edit = edit();
    edit.advancePast(started.source());
    edit.coreStartedAt = Math.max(state.coreStartedAt(), started.timestamp());
    List<Environment> gone =
        state.environments().values().stream()
            .filter(environment -> environment.lastEventAt() < started.timestamp())
            .sorted(Comparator.comparing(Environment::id))
            .toList();
    gone.forEach(
        environment ->
            new Endings(edit)
                .infer(
                    environment,
                    started.eventId(),
                    started.timestamp(),
                    EndCause.CORE_RESTARTED.text(),
                    started.source()));
    return applied(edit, gone);
  }

  @Override
  public Applied environmentEnded(Command.EnvironmentEnded ended) {
    Environment environment = state.environments().get(ended.environmentId());
    if (environment == null) {
      return new Applied(state, Verdict.UNKNOWN_ENVIRONMENT, "not tracked", Set.of());
    }
    if (environment.lastEventAt() > ended.asOf()) {
      return new Applied(state, Verdict.STALE, "it was heard of since", Set.of());
    }
    String by = ended.by().isEmpty() ? "" : ended.by() + ":";
    String eventId = "end:" + ended.cause() + ":" + by + ended.timestamp();
    StateEdit edit = edit();
    new Endings(edit).infer(environment, eventId, ended.timestamp(), ended.text(), null);
    return applied(edit, List.of(environment));
  }

  @Override
  public Applied resendRequested(Command.ResendRequested request) {
    Repetition repetition = Repetition.of(state, request);
    OutboxMessage message = repetition.message();
    if (message == null) {
      return new Applied(state, repetition.verdict(), repetition.reason(), Set.of());
    }
    return change(
        edit -> edit.outbox = edit.outbox.repeating(request, repetition.timestamp(), message));
  }

  private Applied change(Consumer<StateEdit> change) {
    StateEdit edit = edit();
    change.accept(edit);
    return new Applied(edit.done(), Verdict.APPLIED, "", Set.of());
  }

  private StateEdit edit() {
    StateEdit edit = new StateEdit(state, by);
    edit.rules = Math.max(state.rules(), by);
    return edit;
  }

  /** What a publisher finds missing here that is in Kafka already, for people; empty if nothing. */
  private String missing(Command.PublishingStarted started) {
    boolean isMissing =
        started.watermarkJournalId().equals(state.journalId())
            && started.watermark() >= state.outbox().next();
    return isMissing
        ? "the journal lacks changes that Kafka has (expected: none; an old copy was restored?)"
        : "";
  }

  private PMap<SourcePartition, SourceProgress> joined(Map<SourcePartition, Long> ends) {
    PMap<SourcePartition, SourceProgress> result = state.sources();
    for (Map.Entry<SourcePartition, Long> end : ends.entrySet()) {
      if (!result.containsKey(end.getKey())) {
        result = result.plus(end.getKey(), new SourceProgress(0, end.getValue()));
      }
    }
    return result;
  }

  private PMap<SourcePartition, SourceProgress> moved(Command.SourceMoved moved) {
    PMap<SourcePartition, SourceProgress> result = state.sources();
    for (Map.Entry<SourcePartition, Long> to : moved.next().entrySet()) {
      SourceProgress known = result.getOrDefault(to.getKey(), SourceProgress.START);
      String topicId = moved.topicIds().getOrDefault(to.getKey(), known.topicId());
      result = result.plus(to.getKey(), known.movedTo(to.getValue()).in(topicId));
    }
    return result;
  }

  private Outbox started(Command.PublishingStarted started) {
    boolean ours = started.watermarkJournalId().equals(state.journalId());
    Outbox known = ours ? state.outbox().delivered(started.watermark()) : state.outbox();
    return known.restarted(
        started.watermark(),
        started.watermarkListedAt(),
        state.activeRuns(),
        started.recoveredTopics(),
        started.timestamp());
  }

  private static Applied applied(StateEdit edit, List<Environment> gone) {
    Set<String> ids = gone.stream().map(Environment::id).collect(Collectors.toSet());
    return new Applied(edit.done(), Verdict.APPLIED, "", ids);
  }

  /**
   * What the history has left open and is to be expected to end has ended: nothing lists it. Of
   * older entries too this was always judged by {@link Rules#NEWER_LIST}.
   */
  static Applied judgeHistory(Applied last, int by) {
    RelayState state = last.state();
    StateEdit edit = new StateEdit(state, Math.max(by, Rules.NEWER_LIST));
    Set<String> ids = new HashSet<>(last.environmentIds());
    state.environments().values().stream()
        .filter(environment -> environment.ending() != null)
        .sorted(Comparator.comparing(Environment::id))
        .forEach(
            environment -> {
              new Endings(edit).inferExpected(environment);
              ids.add(environment.id());
            });
    return new Applied(edit.done(), last.verdict(), last.reason(), ids);
  }
}
