package io.aliecs.relay.config;

import io.aliecs.relay.config.document.KafkaEnabledText;
import io.aliecs.relay.config.document.ParsedSettings;
import io.aliecs.relay.config.document.SettingsDocument;
import io.aliecs.relay.consul.ConsulException;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.settings.SettingsStatus.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What is in force and what is wrong; each thing that happens makes a new one. A pure value: the
 * rule that what was good last stays in force lives here.
 *
 * @param settings what is in force
 * @param established whether a good settings document has ever been seen
 * @param sinceMs when {@code settings} came into force, ms since the epoch
 * @param valueProblems what is wrong with the values, newest reading only
 * @param unreadable for each part of the package that cannot read now, why
 * @param lastAnswerMs when Consul last gave a usable answer, ms since the epoch, 0 for never
 */
record SettingsState(
    PublishingSettings settings,
    boolean established,
    long sinceMs,
    List<Problem> valueProblems,
    Map<Source, Problem> unreadable,
    long lastAnswerMs) {

  /** The parts of the package that ask Consul. */
  enum Source {
    SETTINGS_WATCH,
    KAFKA_ENABLED_WATCH,
    READER
  }

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
    List<Problem> problems = new ArrayList<>();
    Optional<SettingsDocument> document = good(keys, nowMs, problems);
    Optional<KafkaEnabledText> text = text(keys, nowMs, problems);
    PublishingSettings composed =
        new PublishingSettings(
            document.map(SettingsDocument::kafkaPlugin).orElse(settings.pluginEnabled()),
            document.map(SettingsDocument::publishTo).orElse(settings.bootstrapServers()),
            text.map(KafkaEnabledText::on).orElse(settings.publishNewEnvironments()),
            document.map(d -> keys.settings().modifyIndex()).orElse(settings.settingsIndex()),
            text.map(t -> keys.kafkaEnabled().modifyIndex()).orElse(settings.kafkaEnabledIndex()),
            document.map(SettingsDocument::readFrom).orElse(settings.sourceServers()),
            document.map(SettingsDocument::streamEnabled).orElse(settings.streamEnabled()));
    boolean nowEstablished = established || document.isPresent();
    boolean same = composed.sameAs(settings) && nowEstablished == established;
    return new SettingsState(
        composed, nowEstablished, same ? sinceMs : nowMs, problems, unreadable, nowMs);
  }

  private Optional<SettingsDocument> good(ParsedKeys keys, long nowMs, List<Problem> problems) {
    String key = ConsulOptions.SETTINGS_KEY;
    String fallback =
        established ? "; the last good settings stay in force" : "; publishing is off";
    long index = keys.settings().modifyIndex();
    ParsedSettings parsed = keys.document();
    if (parsed instanceof ParsedSettings.Accepted accepted) {
      for (String surprise : accepted.document().surprises()) {
        problems.add(problem(key, Kind.SURPRISING, surprise, index, nowMs));
      }
      return Optional.of(accepted.document());
    }
    problems.add(
        parsed instanceof ParsedSettings.Refused refused
            ? problem(key, Kind.REFUSED, refused.refusal().sentence() + fallback, index, nowMs)
            : problem(
                key,
                Kind.MISSING,
                "found no such key (expected: the YAML settings of AliECS)" + fallback,
                index,
                nowMs));
    return Optional.empty();
  }

  private Optional<KafkaEnabledText> text(ParsedKeys keys, long nowMs, List<Problem> problems) {
    String key = ConsulOptions.KAFKA_ENABLED_KEY;
    KafkaEnabledText text = keys.text();
    if (text == null) {
      String kept = settings.publishNewEnvironments() ? "true" : "false";
      problems.add(
          problem(
              key,
              Kind.MISSING,
              "found no such key (expected: true or false); it stays " + kept,
              0,
              nowMs));
      return Optional.empty();
    }
    long index = keys.kafkaEnabled().modifyIndex();
    text.surprise()
        .ifPresent(surprise -> problems.add(problem(key, Kind.SURPRISING, surprise, index, nowMs)));
    return Optional.of(text);
  }

  /** Keeps the time at which a problem was first seen. */
  private Problem problem(String key, Kind kind, String message, long index, long nowMs) {
    Problem fresh = new Problem(key, kind, key + ": " + message, index, nowMs);
    return valueProblems.stream().filter(fresh::sameAs).findFirst().orElse(fresh);
  }

  /** A part of the package could not read. */
  SettingsState failing(Source source, String key, ConsulException failure, long nowMs) {
    Problem before = unreadable.get(source);
    Problem problem =
        new Problem(
            key,
            Kind.UNREADABLE,
            key
                + ": "
                + failure.reason().label()
                + ", "
                + failure.getMessage()
                + (established
                    ? "; the last good settings stay in force until Consul answers"
                    : "; publishing is off until Consul answers"),
            0,
            before == null ? nowMs : before.sinceMs());
    Map<Source, Problem> now = new TreeMap<>(unreadable);
    now.put(source, problem);
    return new SettingsState(settings, established, sinceMs, valueProblems, now, lastAnswerMs);
  }

  /** A part of the package got a usable answer. */
  SettingsState answering(Source source, long nowMs) {
    Map<Source, Problem> now = new TreeMap<>(unreadable);
    now.remove(source);
    return new SettingsState(settings, established, sinceMs, valueProblems, now, nowMs);
  }

  /** Whether a part of the package could not read when it last tried. */
  boolean isFailing(Source source) {
    return unreadable.containsKey(source);
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
