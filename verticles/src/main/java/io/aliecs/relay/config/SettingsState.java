package io.aliecs.relay.config;

import io.aliecs.relay.config.document.SettingsDocument;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.consul.KeyReading;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.settings.SettingsStatus.Problem;
import io.aliecs.relay.text.Quoted;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is in force and what is wrong; each thing that happens makes a new one. A pure value: the
 * rule that what was good last stays in force lives here.
 *
 * @param settings what is in force
 * @param established whether a good settings document has ever been seen
 * @param sinceMs when {@code settings} came into force, ms since the epoch
 * @param valueProblems what is wrong with the values, newest reading only
 * @param unreadable for each request that failed when it was last made, by the keys it was about
 * @param lastAnswerMs when Consul last gave a usable answer, ms since the epoch, 0 for never
 */
record SettingsState(
    PublishingSettings settings,
    boolean established,
    long sinceMs,
    List<Problem> valueProblems,
    Map<List<String>, Problem> unreadable,
    long lastAnswerMs) {

  SettingsState {
    valueProblems = List.copyOf(valueProblems);
    unreadable = Map.copyOf(unreadable);
  }

  /** At start: nothing is known, so nothing is published. */
  static SettingsState empty(long nowMs) {
    Problem notYet =
        new Problem(
            ConsulOptions.SETTINGS_KEY,
            Kind.UNREADABLE,
            ConsulOptions.SETTINGS_KEY + ": not read yet; publishing is off until it is",
            0,
            nowMs);
    return new SettingsState(PublishingSettings.NONE, false, nowMs, List.of(notYet), Map.of(), 0);
  }

  /**
   * Both keys were read. What is good of them is in force from now on; the rest stays as it was.
   */
  SettingsState with(ParsedKeys keys, long nowMs) {
    Optional<SettingsDocument> document = Optional.ofNullable(keys.document());
    KeyReading enabled = keys.pair().kafkaEnabled();
    PublishingSettings composed =
        new PublishingSettings(
            document.map(SettingsDocument::kafkaPlugin).orElse(settings.pluginEnabled()),
            document.map(SettingsDocument::publishTo).orElse(settings.bootstrapServers()),
            enabled.isPresent()
                ? enabled.value().equals("true")
                : settings.publishNewEnvironments(),
            document.isPresent() ? keys.pair().settings().modifyIndex() : settings.settingsIndex(),
            enabled.isPresent() ? enabled.modifyIndex() : settings.kafkaEnabledIndex(),
            document.map(SettingsDocument::readFrom).orElse(settings.sourceServers()),
            document.map(SettingsDocument::streamEnabled).orElse(settings.streamEnabled()));
    boolean nowEstablished = established || document.isPresent();
    boolean same = composed.sameAs(settings) && nowEstablished == established;
    return new SettingsState(
        composed,
        nowEstablished,
        same ? sinceMs : nowMs,
        Stream.concat(settingsProblems(keys, nowMs), enabledProblems(enabled, nowMs)).toList(),
        unreadable,
        nowMs);
  }

  private Stream<Problem> settingsProblems(ParsedKeys keys, long nowMs) {
    String key = ConsulOptions.SETTINGS_KEY;
    KeyReading reading = keys.pair().settings();
    if (keys.document() != null) {
      return keys.document().surprises().stream()
          .map(surprise -> problem(key, Kind.SURPRISING, surprise, reading, nowMs));
    }
    String fallback =
        established ? "; the last good settings stay in force" : "; publishing is off";
    return Stream.of(
        reading.isPresent()
            ? problem(key, Kind.REFUSED, keys.refusal() + fallback, reading, nowMs)
            : problem(
                key,
                Kind.MISSING,
                "found no such key (expected: the YAML settings of AliECS)" + fallback,
                reading,
                nowMs));
  }

  private Stream<Problem> enabledProblems(KeyReading reading, long nowMs) {
    String key = ConsulOptions.KAFKA_ENABLED_KEY;
    if (!reading.isPresent()) {
      String kept = "; it stays " + settings.publishNewEnvironments();
      String missing = "found no such key (expected: true or false)" + kept;
      return Stream.of(problem(key, Kind.MISSING, missing, reading, nowMs));
    }
    String value = reading.value();
    if (value.equals("true") || value.equals("false")) {
      return Stream.of();
    }
    String surprise =
        "found %s (expected: exactly true or false; anything but true means false)"
            .formatted(value.isEmpty() ? "no text" : Quoted.of(value));
    return Stream.of(problem(key, Kind.SURPRISING, surprise, reading, nowMs));
  }

  /** Keeps the time at which a problem was first seen. */
  private Problem problem(String key, Kind kind, String message, KeyReading reading, long nowMs) {
    Problem fresh = new Problem(key, kind, key + ": " + message, reading.modifyIndex(), nowMs);
    return valueProblems.stream().filter(fresh::sameAs).findFirst().orElse(fresh);
  }

  /**
   * Consul was asked for some keys.
   *
   * @param failure what was wrong, null when nothing was
   */
  SettingsState asked(List<String> keys, @Nullable ConsulException failure, long nowMs) {
    Map<List<String>, Problem> now = new HashMap<>(unreadable);
    Problem before = now.remove(keys);
    if (failure == null) {
      return new SettingsState(settings, established, sinceMs, valueProblems, now, nowMs);
    }
    String message =
        "%s: %s, %s; %s until Consul answers"
            .formatted(
                keys.get(0),
                failure.reason().label(),
                failure.getMessage(),
                established ? "the last good settings stay in force" : "publishing is off");
    long since = before == null ? nowMs : before.sinceMs();
    now.put(keys, new Problem(keys.get(0), Kind.UNREADABLE, message, 0, since));
    return new SettingsState(settings, established, sinceMs, valueProblems, now, lastAnswerMs);
  }

  /** Whether Consul answered everything it was asked last. */
  boolean reachable() {
    return unreadable.isEmpty();
  }

  /** All that is wrong. */
  List<Problem> problems() {
    return Stream.concat(valueProblems.stream(), unreadable.values().stream()).toList();
  }

  /** What is wrong with the values here that was not wrong before. */
  List<Problem> newsSince(SettingsState before) {
    Predicate<Problem> known = p -> before.valueProblems.stream().anyMatch(p::sameAs);
    return valueProblems.stream().filter(known.negate()).toList();
  }

  /** For everybody else. */
  SettingsStatus status() {
    return new SettingsStatus(
        settings,
        established,
        reachable(),
        lastAnswerMs,
        problems(),
        ConsulOptions.SETTINGS_KEY,
        ConsulOptions.KAFKA_ENABLED_KEY);
  }
}
