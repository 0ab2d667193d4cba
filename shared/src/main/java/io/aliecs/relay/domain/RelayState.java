package io.aliecs.relay.domain;

import io.aliecs.relay.domain.OutboxMessage.ActiveRuns;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/**
 * Everything the relay remembers, replicated on every control host. Immutable: {@link #apply} gives
 * a new one that shares what did not change.
 *
 * @param journalId identity of the journal, empty before its first command
 * @param settings the settings in force
 * @param generation how often the settings changed whether or where to publish; a publisher of an
 *     older generation has missed changes
 * @param settingsSince since when, ms since epoch, 0 when there never were any
 * @param environments by id, those that have not ended
 * @param ended the last that ended, oldest first
 * @param endedBy which event ended an environment, by environment id, so that it does not come back
 *     and a repetition of that event is known again; the event id is empty when an older version
 *     did not keep it
 * @param endedOrder the environment ids of {@code endedBy}, oldest first
 * @param sources how far AliECS's stream was applied
 * @param activeRuns what a list says now, by environment id: active runs that are published
 * @param epoch how often publishing has started
 * @param publishedTo the brokers on which it started last, empty when that is not known
 * @param inferredEnds when those of {@code endedBy} ended of which AliECS has not said it, by
 *     environment id, ms since epoch: what it says of them later brings them back
 * @param coreStartedAt when AliECS's core started last, ms since epoch, 0 when that is not known
 * @param lastLoadedAt when an environment was last loaded with its detectors, ms since epoch, 0
 *     when none was
 * @param rules the newest rules that a command was applied by ({@link Rules})
 */
public record RelayState(
    String journalId,
    PublishingSettings settings,
    long generation,
    long settingsSince,
    PMap<String, Environment> environments,
    PVector<Environment> ended,
    PMap<String, String> endedBy,
    PVector<String> endedOrder,
    PMap<SourcePartition, SourceProgress> sources,
    PMap<String, EnvironmentInfo> activeRuns,
    Outbox outbox,
    long epoch,
    int endedLimit,
    List<String> publishedTo,
    PMap<String, Long> inferredEnds,
    long coreStartedAt,
    long lastLoadedAt,
    int rules) {

  /** How many ended environments stay visible until something else is said. */
  public static final int ENDED_LIMIT = 100;

  /** How many ended environments are known not to come back. */
  public static final int ENDED_IDS_LIMIT = 10_000;

  public static final RelayState EMPTY =
      new RelayState(
          "",
          PublishingSettings.NONE,
          0,
          0,
          HashTreePMap.empty(),
          TreePVector.empty(),
          HashTreePMap.empty(),
          TreePVector.empty(),
          HashTreePMap.empty(),
          HashTreePMap.empty(),
          Outbox.EMPTY,
          0,
          ENDED_LIMIT,
          List.of(),
          HashTreePMap.empty(),
          0,
          0,
          Rules.FIRST);

  /**
   * What a command did.
   *
   * @param state the state afterwards
   * @param reason why an event was not applied as it stands, what is unusual about one that was, or
   *     what is wrong with the journal itself; empty otherwise
   * @param environmentIds the environments that changed
   */
  public record Applied(
      RelayState state, Verdict verdict, String reason, Set<String> environmentIds) {
    public Applied {
      environmentIds = Set.copyOf(environmentIds);
    }
  }

  /** Applies a command by the rules of today. Never throws for a command that could be built. */
  public Applied apply(Command command) {
    return apply(command, Rules.CURRENT);
  }

  /**
   * Applies a command by the rules that its entry was written for.
   *
   * @param by one of {@link Rules}
   */
  public Applied apply(Command command, int by) {
    Applied applied = command.accept(new Application(this, by));
    RelayState after = applied.state();
    if (!isHistoryApplied() && after.isHistoryApplied()) {
      applied = after.judgeHistory(applied);
    }
    return applied;
  }

  /** What a publisher finds missing here that is in Kafka already, for people; empty if nothing. */
  private String lack(Command.PublishingStarted started) {
    boolean lacks =
        started.watermarkJournalId().equals(journalId) && started.watermark() >= outbox.next();
    return lacks
        ? "the journal lacks changes that Kafka has (expected: none; an old copy was restored?)"
        : "";
  }

  /** Does what a command says, by certain rules. */
  private record Application(RelayState state, int by) implements Command.Visitor<Applied> {

    @Override
    public Applied environmentEvent(EnvironmentEvent event) {
      return state.apply(event, edit());
    }

    @Override
    public Applied journalCreated(Command.JournalCreated created) {
      return change(
          edit -> {
            if (state.journalId.isEmpty()) {
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
      return change(edit -> edit.sources = state.joined(joined.ends()));
    }

    @Override
    public Applied sourceMoved(Command.SourceMoved moved) {
      return change(edit -> edit.sources = state.moved(moved));
    }

    @Override
    public Applied publishingStarted(Command.PublishingStarted started) {
      Applied applied =
          change(
              edit -> {
                edit.outbox = state.started(started);
                edit.epoch++;
                edit.publishedTo = started.servers();
              });
      return new Applied(applied.state(), Verdict.APPLIED, state.lack(started), Set.of());
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
      return state.apply(started, edit());
    }

    @Override
    public Applied environmentEnded(Command.EnvironmentEnded ended) {
      return state.apply(ended, edit());
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

    private Applied change(Consumer<Edit> change) {
      Edit edit = edit();
      change.accept(edit);
      return new Applied(edit.done(), Verdict.APPLIED, "", Set.of());
    }

    private Edit edit() {
      Edit edit = new Edit(state);
      edit.rules = Math.max(state.rules, by);
      edit.by = by;
      return edit;
    }
  }

  private PMap<SourcePartition, SourceProgress> joined(Map<SourcePartition, Long> ends) {
    PMap<SourcePartition, SourceProgress> result = sources;
    for (Map.Entry<SourcePartition, Long> end : ends.entrySet()) {
      if (!result.containsKey(end.getKey())) {
        result = result.plus(end.getKey(), new SourceProgress(0, end.getValue()));
      }
    }
    return result;
  }

  private PMap<SourcePartition, SourceProgress> moved(Command.SourceMoved moved) {
    PMap<SourcePartition, SourceProgress> result = sources;
    for (Map.Entry<SourcePartition, Long> to : moved.next().entrySet()) {
      SourceProgress known = result.getOrDefault(to.getKey(), SourceProgress.START);
      String topicId = moved.topicIds().getOrDefault(to.getKey(), known.topicId());
      result = result.plus(to.getKey(), known.movedTo(to.getValue()).in(topicId));
    }
    return result;
  }

  /** Why the plugin is off, for people; null while it is on. */
  public @Nullable String whyPluginOff() {
    if (settings.pluginEnabled()) {
      return null;
    }
    if (settingsSince == 0) {
      return "no good settings have been read from Consul yet";
    }
    return settings.streamEnabled()
        ? "integrationPlugins does not hold kafka"
        : "enableKafka is false in Consul";
  }

  /**
   * Whether AliECS's stream was joined and all that was there before is applied; only then is it
   * known which runs are active.
   */
  public boolean isHistoryApplied() {
    return !sources.isEmpty()
        && sources.values().stream().allMatch(source -> source.next() >= source.history());
  }

  private Outbox started(Command.PublishingStarted started) {
    boolean ours = started.watermarkJournalId().equals(journalId);
    Outbox known = ours ? outbox.delivered(started.watermark()) : outbox;
    return known.restarted(
        started.watermark(),
        started.watermarkListedAt(),
        activeRuns,
        started.mendedTopics(),
        started.timestamp());
  }

  private Applied apply(EnvironmentEvent event, Edit edit) {
    SourcePosition source = event.source();
    if (isApplied(source)) {
      return new Applied(this, Verdict.DUPLICATE, "record applied before", Set.of());
    }
    edit.advancePast(source);
    Environment known = find(event.environmentId());
    Long inferredEnd = inferredEnds.get(event.environmentId());
    if (inferredEnd != null) {
      return afterInferredEnd(edit, event, inferredEnd, known);
    }
    String endingEventId = known == null ? endedBy.get(event.environmentId()) : null;
    if (endingEventId != null) {
      return afterEnd(edit.done(), event, endingEventId);
    }
    Outcome outcome =
        EnvironmentStateMachine.apply(known, event, settings.publishNewEnvironments());
    return follow(edit, known, event, outcome);
  }

  private Applied follow(
      Edit edit, @Nullable Environment known, EnvironmentEvent event, Outcome outcome) {
    Environment changed = outcome.environment();
    if (changed == null || !outcome.verdict().hasEffect()) {
      if (known == null && event.reportsEnd()) { // AliECS may still speak of it after its end
        edit.rememberEnd(event.environmentId(), event.eventId());
      }
      if (changed != null && known != null && !changed.latest().equals(known.latest())) {
        edit.environments = edit.environments.plus(changed.id(), changed);
      }
      Set<String> ids = new HashSet<>();
      if (edit.livesOn(changed, event, outcome.verdict())) {
        ids.add(event.environmentId());
        ids.addAll(
            edit.expectEnds(event.environmentId(), event, true)); // another end may be behind it
      }
      return new Applied(edit.done(), outcome.verdict(), outcome.reason(), ids);
    }
    edit.record(changed, event, outcome, isHistory(event.source()), edit.expects(event));
    edit.livesOn(edit.environments.get(changed.id()), event, outcome.verdict());
    Set<String> ids = new HashSet<>(Set.of(changed.id()));
    if (event.observed() && edit.by >= Rules.ENDS) {
      boolean tracked = environments.containsKey(changed.id());
      ids.addAll(edit.expectEnds(changed.id(), event, tracked));
    }
    return new Applied(edit.done(), outcome.verdict(), outcome.reason(), ids);
  }

  /** An event for an environment that was taken to be gone: AliECS knows better. */
  private Applied afterInferredEnd(
      Edit edit, EnvironmentEvent event, long endedAt, @Nullable Environment ended) {
    String id = event.environmentId();
    if (event.reportsEnd()) {
      edit.confirmEnd(id, event.eventId());
      return new Applied(edit.done(), Verdict.UNCHANGED, "the environment has ended", Set.of());
    }
    boolean later = event.timestamp() > endedAt && !event.isPartOfEnd();
    if (!later) {
      return afterEnd(edit.done(), event, endedBy.getOrDefault(id, ""));
    }
    Outcome outcome =
        ended == null
            ? EnvironmentStateMachine.apply(null, event, settings.publishNewEnvironments())
            : EnvironmentStateMachine.comeBack(ended, event);
    if (outcome.verdict().hasEffect()) {
      edit.forgetEnd(id);
    }
    return follow(edit, ended, event, outcome);
  }

  /** An event for an environment that has ended and of which no more is known than by what. */
  private static Applied afterEnd(RelayState state, EnvironmentEvent event, String endingEventId) {
    if (event.eventId().equals(endingEventId)) {
      return new Applied(state, Verdict.DUPLICATE, "applied before", Set.of());
    }
    Verdict verdict = event.observed() ? Verdict.STALE : Verdict.REFUSED;
    return new Applied(state, verdict, "the environment has ended", Set.of());
  }

  private Applied apply(Command.CoreStarted started, Edit edit) {
    if (isApplied(started.source())) {
      return new Applied(this, Verdict.DUPLICATE, "record applied before", Set.of());
    }
    edit.advancePast(started.source());
    edit.coreStartedAt = Math.max(coreStartedAt, started.timestamp());
    List<Environment> gone =
        environments.values().stream()
            .filter(environment -> environment.heardAt() < started.timestamp())
            .sorted(Comparator.comparing(Environment::id))
            .toList();
    gone.forEach(
        environment ->
            edit.infer(
                environment,
                started.eventId(),
                started.timestamp(),
                EndCause.CORE_RESTARTED.text(),
                started.source()));
    return applied(edit, gone);
  }

  private static Applied applied(Edit edit, List<Environment> gone) {
    Set<String> ids = gone.stream().map(Environment::id).collect(Collectors.toSet());
    return new Applied(edit.done(), Verdict.APPLIED, "", ids);
  }

  private Applied apply(Command.EnvironmentEnded ended, Edit edit) {
    Environment environment = environments.get(ended.environmentId());
    if (environment == null) {
      return new Applied(this, Verdict.UNKNOWN_ENVIRONMENT, "not tracked", Set.of());
    }
    if (environment.heardAt() > ended.asOf()) {
      return new Applied(this, Verdict.STALE, "it was heard of since", Set.of());
    }
    String by = ended.by().isEmpty() ? "" : ended.by() + ":";
    String eventId = "end:" + ended.cause() + ":" + by + ended.timestamp();
    edit.infer(environment, eventId, ended.timestamp(), ended.text(), null);
    return applied(edit, List.of(environment));
  }

  /** What the history has left open and is to be expected to end has ended: nothing lists it. */
  private Applied judgeHistory(Applied last) {
    Edit edit = new Edit(this);
    Set<String> ids = new HashSet<>(last.environmentIds());
    environments.values().stream()
        .filter(environment -> environment.ending() != null)
        .sorted(Comparator.comparing(Environment::id))
        .forEach(
            environment -> {
              edit.inferExpected(environment);
              ids.add(environment.id());
            });
    return new Applied(edit.done(), last.verdict(), last.reason(), ids);
  }

  private boolean isApplied(@Nullable SourcePosition source) {
    return source != null && source.offset() < progress(source).next();
  }

  private boolean isHistory(@Nullable SourcePosition source) {
    return source != null && source.offset() < progress(source).history();
  }

  private SourceProgress progress(SourcePosition source) {
    return sources.getOrDefault(source.partition(), SourceProgress.START);
  }

  /** An environment that is tracked or ended not long ago, or null. */
  public @Nullable Environment find(String environmentId) {
    Environment live = environments.get(environmentId);
    if (live != null || !endedBy.containsKey(environmentId)) {
      return live;
    }
    return ended.stream().filter(e -> e.id().equals(environmentId)).findFirst().orElse(null);
  }

  /** The active runs in the order of the list, those that are not published too. */
  public List<Environment> running() {
    return environments.values().stream()
        .filter(e -> e.run() != null)
        .map(e -> Map.entry(listedInfo(e), e))
        .sorted(Map.Entry.comparingByKey(EnvironmentInfo.LIST_ORDER))
        .map(Map.Entry::getValue)
        .toList();
  }

  private static EnvironmentInfo listedInfo(Environment environment) {
    EnvironmentInfo info = environment.activeRun();
    if (info == null) {
      throw new IllegalStateException(environment.id() + " has no run");
    }
    return info;
  }

  /** The fields of a state while it is being changed; lives for one call on one thread. */
  private static final class Edit {
    private String journalId;
    private PublishingSettings settings;
    private long generation;
    private long settingsSince;
    private PMap<String, Environment> environments;
    private PVector<Environment> ended;
    private PMap<String, String> endedBy;
    private PVector<String> endedOrder;
    private PMap<SourcePartition, SourceProgress> sources;
    private PMap<String, EnvironmentInfo> activeRuns;
    private Outbox outbox;
    private long epoch;
    private int endedLimit;
    private List<String> publishedTo;
    private PMap<String, Long> inferredEnds;
    private long coreStartedAt;
    private long lastLoadedAt;
    private int rules;
    private int by = Rules.CURRENT;

    Edit(RelayState from) {
      journalId = from.journalId;
      settings = from.settings;
      generation = from.generation;
      settingsSince = from.settingsSince;
      environments = from.environments;
      ended = from.ended;
      endedBy = from.endedBy;
      endedOrder = from.endedOrder;
      sources = from.sources;
      activeRuns = from.activeRuns;
      outbox = from.outbox;
      epoch = from.epoch;
      endedLimit = from.endedLimit;
      publishedTo = from.publishedTo;
      inferredEnds = from.inferredEnds;
      coreStartedAt = from.coreStartedAt;
      lastLoadedAt = from.lastLoadedAt;
      rules = from.rules;
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

    /** Ends an environment of which AliECS has not said that it is gone. */
    void infer(
        Environment environment,
        String eventId,
        long timestamp,
        String reason,
        @Nullable SourcePosition source) {
      EnvironmentEvent event =
          EnvironmentEvent.builder(
                  environment.id(),
                  EventType.DESTROYED,
                  Math.max(timestamp, environment.heardAt())) // never before what it did last
              .eventId(eventId)
              .observed(true)
              .source(source)
              .build();
      Outcome outcome =
          EnvironmentChange.changing(environment, event).destroy().done(Verdict.APPLIED);
      boolean untold =
          epoch == 0 && environment.timeline().stream().allMatch(step -> step.entryId() == 0);
      record(environmentOf(outcome), event, outcome, untold, reason);
      inferredEnds = inferredEnds.plus(environment.id(), event.timestamp());
    }

    /** Ends one whose end was to be expected, at the time from which on it was. */
    void inferExpected(Environment environment) {
      Ending ending = environment.ending();
      if (ending != null) {
        String eventId = "end:" + ending.cause() + ":" + ending.since();
        infer(environment, eventId, ending.since(), ending.reason(), null);
      }
    }

    private static Environment environmentOf(Outcome outcome) {
      Environment environment = outcome.environment();
      if (environment == null) {
        throw new IllegalStateException("an environment that was known is not (expected: it is)");
      }
      return environment;
    }

    /** Why the event lets an end be expected, for the timeline; empty when it does not. */
    String expects(EnvironmentEvent event) {
      return event.moment() == EventType.TORN_DOWN ? EndCause.TORN_DOWN.text() : "";
    }

    /**
     * News of an environment whose end is to be expected, that is no part of that end: it is not.
     *
     * @return whether that was so
     */
    boolean livesOn(@Nullable Environment known, EnvironmentEvent event, Verdict verdict) {
      Ending ending = known == null ? null : known.ending();
      boolean news = verdict.hasEffect() || verdict == Verdict.UNCHANGED;
      if (known == null
          || ending == null
          || !news
          || event.isPartOfEnd()
          || event.timestamp() <= ending.since()) {
        return false;
      }
      environments = environments.plus(known.id(), known.withEnding(null));
      return true;
    }

    /**
     * Sees which ends are to be expected behind an event of that environment.
     *
     * @param tracked whether it was there before; one that comes back has its detectors again
     * @return the environments that may end
     */
    Set<String> expectEnds(String id, EnvironmentEvent event, boolean tracked) {
      Environment changed = environments.get(id);
      if (changed == null) {
        return Set.of();
      }
      Set<String> ids = new HashSet<>();
      if (event.moment() == EventType.TORN_DOWN) {
        expect(changed, EndCause.TORN_DOWN, EndCause.TORN_DOWN.text(), event.timestamp(), ids);
      } else if (changed.heardAt() < coreStartedAt) {
        String reason = EndCause.CORE_RESTARTED.text();
        expect(changed, EndCause.CORE_RESTARTED, reason, coreStartedAt, ids);
      } else if (changed.aliveAt() < lastLoadedAt) { // told late: its detectors may be gone
        environments.values().forEach(other -> expectTaken(changed, other, ids));
      }
      if (changed.loadedAt() == event.timestamp() || !tracked) {
        lastLoadedAt = Math.max(lastLoadedAt, changed.loadedAt());
        environments.values().forEach(other -> expectTaken(other, changed, ids));
      }
      return ids;
    }

    /** AliECS gives no detector away that a living environment has. */
    private void expectTaken(Environment older, Environment newer, Set<String> ids) {
      if (older.aliveAt() >= newer.loadedAt() || older.id().equals(newer.id())) {
        return;
      }
      older.detectors().stream()
          .filter(newer.detectors()::contains)
          .findFirst()
          .ifPresent(
              detector ->
                  expect(
                      older,
                      EndCause.DETECTOR_TAKEN,
                      "detector " + detector + " is now in environment " + newer.id(),
                      newer.loadedAt(),
                      ids));
    }

    private void expect(
        Environment environment, EndCause cause, String reason, long since, Set<String> ids) {
      if (environment.ending() == null) {
        environments =
            environments.plus(
                environment.id(), environment.withEnding(new Ending(cause, reason, since)));
        ids.add(environment.id());
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
                  event.moment(),
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
        Environment after, EnvironmentEvent event, List<OutboxMessage> messages, boolean told) {
      PublishingGap gap = outbox.gap();
      return told || by < Rules.LATE
          ? gap.told(after, messages)
          : gap.missed(environments.get(after.id()), after, event, messages);
    }

    private void follow(OutboxMessage message) {
      if (message instanceof ActiveRuns list) {
        if (list.endedEnvironmentId() != null) {
          activeRuns = activeRuns.minus(list.endedEnvironmentId());
        }
        if (list.started() != null) {
          activeRuns = activeRuns.plus(list.started().environmentId(), list.started());
        }
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

    /** AliECS has said itself that an environment is gone that was taken to be so. */
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
      while (endedOrder.size() > ENDED_IDS_LIMIT) {
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
}
