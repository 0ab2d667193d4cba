package io.aliecs.relay.domain;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.SourceProgress;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.domain.message.PublishingSettings;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
 * @param activeRuns the runs of the list now, by environment id: active and published
 * @param epoch how often publishing has started
 * @param publishedTo the brokers on which it started last, empty when that is not known
 * @param inferredEnds when those of {@code endedBy} ended whose end AliECS has not reported, by
 *     environment id, ms since epoch: later events of it bring them back
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

  /** How many ended environments stay visible until another limit is set. */
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
    Applied applied = command.accept(new CommandApplication(this, by));
    RelayState after = applied.state();
    if (!isHistoryApplied() && after.isHistoryApplied()) {
      applied = CommandApplication.judgeHistory(applied, by);
    }
    return applied;
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

  boolean isApplied(@Nullable SourcePosition source) {
    return source != null && source.offset() < progress(source).next();
  }

  /**
   * Whether that was in AliECS's stream before the relay first joined it: it builds up the state,
   * and is not published.
   *
   * @param source where an event comes from, null when it is not of the stream
   */
  public boolean isHistory(@Nullable SourcePosition source) {
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
        .map(e -> Map.entry(Objects.requireNonNull(e.activeRun()), e))
        .sorted(Map.Entry.comparingByKey(EnvironmentInfo.LIST_ORDER))
        .map(Map.Entry::getValue)
        .toList();
  }
}
