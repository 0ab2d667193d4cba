package io.aliecs.relay.web.api.json;

import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.bus.status.CoreComparison;
import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.PublishingGap.SkippedRun;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.environment.Ending;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.Run;
import io.aliecs.relay.domain.message.EnvironmentInfo;
import io.aliecs.relay.web.state.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The JSON of the API, as {@code openapi.json} describes it. Pure functions of a snapshot. */
public final class ApiJson {

  private ApiJson() {}

  /** The active runs in the order of the published list, those that are not published too. */
  public static JsonObject runs(Snapshot snapshot, EnvironmentFilter filter) {
    JsonArray runs = new JsonArray();
    for (Environment environment : snapshot.state().running()) {
      JsonObject run = run(environment);
      if (run != null && filter.matches(environment)) {
        runs.add(run);
      }
    }
    return head(snapshot).put("runs", runs);
  }

  /** The active run of an environment, or null when it has none. */
  public static @Nullable JsonObject run(Environment environment) {
    EnvironmentInfo info = environment.activeRun();
    Run run = environment.run();
    if (info == null || run == null) {
      return null;
    }
    return new JsonObject()
        .put("environmentId", info.environmentId())
        .put("runNumber", run.number())
        .put("runType", run.type())
        .put("state", info.state().name())
        .put("detectors", new JsonArray(info.detectors()))
        .put("enteredAt", info.enteredAt())
        .put("endAnnounced", run.endAnnounced())
        .put("publish", environment.publish())
        .put("notPublishedBecause", notPublishedBecause(environment));
  }

  /** Why nothing of it goes to Kafka even while publishing is on, or null when it does. */
  private static @Nullable String notPublishedBecause(Environment environment) {
    if (environment.publish()) {
      return null;
    }
    return Boolean.FALSE.equals(environment.workflowMeant())
        ? "workflow " + environment.workflow()
        : "kafka_enabled was not true when it was created";
  }

  /** Whether its creation was seen, or its details are known from elsewhere. */
  private static boolean areDetailsKnown(Environment environment) {
    return environment.loadedAt() > 0
        || !environment.detectors().isEmpty()
        || environment.runType() != null
        || environment.timeline().stream().anyMatch(step -> step.type() == EventType.CREATED);
  }

  /**
   * The environments that are asked for: those tracked by id, those that have ended newest first.
   */
  public static JsonObject environments(Snapshot snapshot, EnvironmentFilter filter) {
    JsonArray environments = new JsonArray();
    Stream<Environment> asked =
        filter.isOfEnded()
            ? newestFirst(snapshot.state().ended())
            : snapshot.state().environments().values().stream()
                .sorted(Comparator.comparing(Environment::id));
    asked.filter(filter::matches).forEach(environment -> environments.add(summary(environment)));
    return head(snapshot).put("environments", environments);
  }

  private static Stream<Environment> newestFirst(List<Environment> ended) {
    return IntStream.range(0, ended.size()).mapToObj(i -> ended.get(ended.size() - 1 - i));
  }

  /** What is on its way to Kafka, and how reader and publisher are if that is known. */
  public static JsonObject delivery(
      Snapshot snapshot,
      Optional<ComponentStatus> ingest,
      Optional<ComponentStatus> publisher,
      Optional<CoreComparison> core) {
    Outbox outbox = snapshot.state().outbox();
    return head(snapshot)
        .put("brokers", new JsonArray(snapshot.state().settings().bootstrapServers()))
        .put("ingest", ingest.map(ApiJson::component).orElse(null))
        .put("publisher", publisher.map(ApiJson::component).orElse(null))
        .put("core", core.map(ApiJson::core).orElse(null))
        .put(
            "backlog",
            new JsonObject()
                .put("entries", outbox.size())
                .put("bytes", outbox.bytes())
                .put("oldestTimestamp", outbox.oldestPending()))
        .put("delivered", outbox.deliveredId())
        .put("parked", outbox.parked().size())
        .put("skippedRuns", skippedRuns(outbox))
        .put("epoch", snapshot.state().epoch());
  }

  private static JsonObject core(CoreComparison core) {
    JsonArray found = new JsonArray();
    for (CoreComparison.Difference one : core.found()) {
      found.add(
          new JsonObject()
              .put("timestamp", one.at())
              .put("kind", one.kind())
              .put("environmentId", one.environmentId())
              .put("runNumber", one.runNumber()));
    }
    return component(core.status())
        .put("comparedAt", numberOrNull(core.comparedAt()))
        .put("found", found);
  }

  /** The last runs that began and ended while publishing was off, newest first. */
  private static JsonArray skippedRuns(Outbox outbox) {
    JsonArray runs = new JsonArray();
    List<SkippedRun> skipped = outbox.gap().skipped();
    for (int i = skipped.size() - 1; i >= 0; i--) {
      SkippedRun run = skipped.get(i);
      runs.add(
          new JsonObject()
              .put("environmentId", run.environmentId())
              .put("runNumber", run.number())
              .put("endedAt", run.endedAt()));
    }
    return runs;
  }

  /** One environment with its timeline, oldest step first. */
  static JsonObject environment(Snapshot snapshot, Environment environment) {
    JsonArray timeline = TimelineJson.of(snapshot.state(), environment);
    return head(snapshot).put("environment", summary(environment).put("timeline", timeline));
  }

  /** What every answer begins with: how new it is, who leads, whether anything is published. */
  public static JsonObject head(Snapshot snapshot) {
    String leader = snapshot.leadership().leaderId();
    return new JsonObject()
        .put("journalIndex", snapshot.changed().index())
        .put("dataTimestamp", snapshot.changed().appliedAt())
        .put("leader", leader.isEmpty() ? null : leader)
        .put("leading", snapshot.leadership().leading())
        .put("pluginEnabled", snapshot.state().settings().pluginEnabled())
        .put("pluginOffBecause", snapshot.state().whyPluginOff());
  }

  /** How a part of this host is. */
  public static JsonObject component(ComponentStatus status) {
    return new JsonObject()
        .put("healthy", status.healthy())
        .put("state", status.state())
        .put("reason", status.reason())
        .put("since", status.since());
  }

  /** An environment without its timeline; one that has ended is DONE since its last change. */
  public static JsonObject summary(Environment environment) {
    Run run = environment.run();
    boolean live = environment.state().isLive();
    return new JsonObject()
        .put("environmentId", environment.id())
        .put("state", shown(environment.state()))
        .put("enteredAt", live ? environment.enteredAt() : environment.changedAt())
        .put("runNumber", run == null ? null : run.number())
        .put("runType", run == null ? environment.runType() : run.type())
        .put("detectors", new JsonArray(environment.detectors()))
        .put("detailsKnown", areDetailsKnown(environment))
        .put("publish", environment.publish())
        .put("notPublishedBecause", notPublishedBecause(environment))
        .put("leaving", live ? name(environment.leaving()) : null)
        .put("announcedRun", numberOrNull(environment.announcedRun()))
        .put("lastRun", numberOrNull(environment.lastRun()))
        .put("workflow", environment.workflow())
        .put("workflowMeant", environment.workflowMeant())
        .put("ending", live ? ending(environment.ending()) : null)
        .put("endReason", live ? null : endReason(environment))
        .put("changedAt", environment.changedAt());
  }

  private static @Nullable JsonObject ending(@Nullable Ending ending) {
    return ending == null
        ? null
        : new JsonObject()
            .put("cause", ending.cause().name())
            .put("reason", ending.reason())
            .put("since", ending.since());
  }

  /** Why the relay took it to be gone, or null when AliECS itself has reported it. */
  private static @Nullable String endReason(Environment environment) {
    int steps = environment.timeline().size();
    return steps == 0 ? null : textOrNull(environment.timeline().get(steps - 1).reason());
  }

  static @Nullable String textOrNull(String text) {
    return text.isEmpty() ? null : text;
  }

  /** Whichever way an environment ended (readers of Kafka get UNKNOWN for a DESTROY). */
  static String shown(State state) {
    return state.isLive() ? state.name() : State.DONE.name();
  }

  static @Nullable String name(@Nullable Enum<?> constant) {
    return constant == null ? null : constant.name();
  }

  private static @Nullable Long numberOrNull(long number) {
    return number == 0 ? null : Long.valueOf(number);
  }

  /** The states that {@code ?state=} may ask for. */
  public static List<State> trackedStates() {
    return Arrays.stream(State.values()).filter(State::isLive).toList();
  }
}
