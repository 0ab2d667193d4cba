package io.aliecs.relay.domain;

import io.aliecs.relay.domain.OutboxMessage.ActiveRuns;
import java.util.List;
import java.util.Map;
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
    List<String> publishedTo) {

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
          List.of());

  /**
   * What a command did.
   *
   * @param state the state afterwards
   * @param reason why an event was not applied as it stands, or what is wrong with the journal
   *     itself; empty otherwise
   * @param environmentId the environment that changed, null when none did
   */
  public record Applied(
      RelayState state, Verdict verdict, String reason, @Nullable String environmentId) {}

  /** Applies a command. Never throws for a command that could be built. */
  public Applied apply(Command command) {
    if (command instanceof EnvironmentEvent event) {
      return apply(event);
    }
    return new Applied(next(command), Verdict.APPLIED, lack(command), null);
  }

  /** What a publisher finds missing here that is in Kafka already, for people; empty if nothing. */
  private String lack(Command command) {
    boolean lacks =
        command instanceof Command.PublishingStarted started
            && started.watermarkJournalId().equals(journalId)
            && started.watermark() >= outbox.next();
    return lacks
        ? "the journal lacks changes that Kafka has (expected: none; an old copy was restored?)"
        : "";
  }

  private RelayState next(Command command) {
    Edit edit = new Edit(this);
    if (command instanceof Command.JournalCreated created) {
      if (!journalId.isEmpty()) {
        return this;
      }
      edit.journalId = created.journalId();
    } else if (command instanceof Command.SettingsChanged changed) {
      edit.settingsSince =
          settingsSince != 0 && settings.sameAs(changed.settings())
              ? settingsSince
              : changed.timestamp();
      edit.generation = settings.publishesLike(changed.settings()) ? generation : generation + 1;
      edit.settings = changed.settings();
    } else if (command instanceof Command.SourceJoined joined) {
      edit.sources = joined(joined.ends());
    } else if (command instanceof Command.SourceMoved moved) {
      edit.sources = moved(moved);
    } else if (command instanceof Command.PublishingStarted started) {
      edit.outbox = started(started);
      edit.epoch = epoch + 1;
      edit.publishedTo = started.servers();
    } else if (command instanceof Command.Delivered delivered) {
      edit.outbox = outbox.delivered(delivered.sequence());
    } else if (command instanceof Command.Parked parked) {
      edit.outbox = outbox.park(parked.refusals(), parked.timestamp());
    } else if (command instanceof Command.Resent resent) {
      edit.outbox = outbox.resend(resent.keys(), resent.timestamp());
    } else if (command instanceof Command.HistoryLimited limited) {
      edit.limitEnded(limited);
    }
    return edit.done();
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
        started.watermark(), activeRuns, started.mendedTopics(), started.timestamp());
  }

  private Applied apply(EnvironmentEvent event) {
    SourceProgress progress = progress(event);
    SourcePosition source = event.source();
    if (source != null && source.offset() < progress.next()) {
      return new Applied(this, Verdict.DUPLICATE, "record applied before", null);
    }
    Edit edit = new Edit(this);
    if (source != null) {
      edit.sources = sources.plus(source.partition(), progress.advancedPast(source.offset()));
    }
    Environment known = find(event.environmentId());
    String endingEventId = known == null ? endedBy.get(event.environmentId()) : null;
    if (endingEventId != null) {
      return afterEnd(edit.done(), event, endingEventId);
    }
    Outcome outcome =
        EnvironmentStateMachine.apply(known, event, settings.publishNewEnvironments());
    Environment changed = outcome.environment();
    if (changed == null || !outcome.verdict().hasEffect()) {
      if (known == null && event.reportsEnd()) { // AliECS may still speak of it after its end
        edit.rememberEnd(event.environmentId(), event.eventId());
      }
      return new Applied(edit.done(), outcome.verdict(), outcome.reason(), null);
    }
    boolean history = source != null && source.offset() < progress.history();
    edit.record(changed, event, outcome, history);
    return new Applied(edit.done(), outcome.verdict(), outcome.reason(), changed.id());
  }

  /** An event for an environment that has ended and of which no more is known than by what. */
  private static Applied afterEnd(RelayState state, EnvironmentEvent event, String endingEventId) {
    if (event.eventId().equals(endingEventId)) {
      return new Applied(state, Verdict.DUPLICATE, "applied before", null);
    }
    Verdict verdict = event.observed() ? Verdict.STALE : Verdict.REFUSED;
    return new Applied(state, verdict, "the environment has ended", null);
  }

  private SourceProgress progress(EnvironmentEvent event) {
    SourcePosition source = event.source();
    return source == null
        ? SourceProgress.START
        : sources.getOrDefault(source.partition(), SourceProgress.START);
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
    }

    void record(Environment environment, EnvironmentEvent event, Outcome outcome, boolean history) {
      List<OutboxMessage> messages = outcome.messages();
      boolean publishing = environment.publish() && settings.pluginEnabled() && !history;
      long entryId = 0;
      if (publishing && !messages.isEmpty()) {
        entryId = outbox.nextId();
        outbox = outbox.with(environment.id(), event.eventId(), event.timestamp(), messages);
      }
      if (environment.publish()) {
        messages.forEach(this::follow);
      }
      Run run = environment.run();
      Long runNumber = run == null ? event.runNumber() : Long.valueOf(run.number());
      put(
          environment.withStep(
              new Step(
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
                  event.source())),
          event.eventId());
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

    void rememberEnd(String environmentId, String eventId) {
      if (!endedBy.containsKey(environmentId)) {
        endedBy = endedBy.plus(environmentId, eventId);
        endedOrder = endedOrder.plus(environmentId);
      }
      while (endedOrder.size() > ENDED_IDS_LIMIT) {
        endedBy = endedBy.minus(endedOrder.get(0));
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
          publishedTo);
    }
  }
}
