package io.aliecs.relay.web.api.json;

import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.settings.SettingsStatus.Problem;
import io.aliecs.relay.web.state.Snapshot;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of the settings, as {@code openapi.json} describes it: what the journal has in force,
 * what this host makes of Consul, and how its publisher is. Pure functions.
 */
public final class SettingsJson {

  private SettingsJson() {}

  /**
   * What is in force, and what is wrong with it.
   *
   * @param own the settings of this host
   */
  public static JsonObject settings(
      Snapshot snapshot,
      Optional<SettingsStatus> read,
      Optional<ComponentStatus> publisher,
      List<EffectiveSetting> own) {
    return ApiJson.head(snapshot)
        .put("settings", inForce(snapshot))
        .put("consul", read.map(status -> consul(snapshot, status)).orElse(null))
        .put("publisher", publisher.map(ApiJson::component).orElse(null))
        .put("host", host(own));
  }

  /** The settings of a host: each with its value, secrets masked, and where that came from. */
  public static JsonArray host(List<EffectiveSetting> own) {
    JsonArray host = new JsonArray();
    own.forEach(setting -> host.add(json(setting)));
    return host;
  }

  private static JsonObject json(EffectiveSetting setting) {
    return new JsonObject()
        .put("name", setting.name())
        .put("value", setting.value())
        .put("origin", setting.origin());
  }

  private static @Nullable JsonObject inForce(Snapshot snapshot) {
    long since = snapshot.state().settingsSince();
    if (since == 0) {
      return null;
    }
    PublishingSettings settings = snapshot.state().settings();
    return new JsonObject()
        .put("pluginEnabled", settings.pluginEnabled())
        .put("brokers", new JsonArray(settings.bootstrapServers()))
        .put("streamBrokers", new JsonArray(settings.sourceServers()))
        .put("streamEnabled", settings.streamEnabled())
        .put("publishNewEnvironments", settings.publishNewEnvironments())
        .put("since", since);
  }

  private static JsonObject consul(Snapshot snapshot, SettingsStatus status) {
    PublishingSettings read = status.inForce();
    boolean same = status.established() && read.sameAs(snapshot.state().settings());
    JsonArray unreadable = new JsonArray();
    status.problems().stream()
        .filter(problem -> problem.kind() == Kind.UNREADABLE)
        .forEach(problem -> unreadable.add(refusal(problem)));
    return new JsonObject()
        .put("reachable", status.consulReachable())
        .put("lastAnswer", status.lastAnswerMs() == 0 ? null : status.lastAnswerMs())
        .put("inForce", same)
        .put("unreadable", unreadable)
        .put(
            "keys",
            new JsonArray()
                .add(key(status, status.settingsKey(), read.settingsIndex()))
                .add(key(status, status.kafkaEnabledKey(), read.kafkaEnabledIndex())));
  }

  private static JsonObject key(SettingsStatus status, String key, long index) {
    return new JsonObject()
        .put("key", key)
        .put("modifyIndex", index == 0 ? null : index)
        .put(
            "refusal",
            status.problems().stream()
                .filter(problem -> problem.consulKey().equals(key))
                .filter(problem -> problem.kind() != Kind.UNREADABLE)
                .max(Comparator.comparingLong(Problem::sinceMs))
                .map(SettingsJson::refusal)
                .orElse(null));
  }

  private static JsonObject refusal(Problem problem) {
    return new JsonObject()
        .put("kind", problem.kind().name())
        .put("reason", problem.message())
        .put("modifyIndex", problem.modifyIndex() == 0 ? null : problem.modifyIndex())
        .put("since", problem.sinceMs());
  }
}
