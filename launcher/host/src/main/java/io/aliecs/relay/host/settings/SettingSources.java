package io.aliecs.relay.host.settings;

import io.aliecs.relay.domain.message.TopicNames;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.settings.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The values of all settings and where each came from: the file, over it the environment, over it
 * the command line. Immutable.
 */
public final class SettingSources {
  private static final Logger LOG = LoggerFactory.getLogger(SettingSources.class);

  /** Kafka takes 249 characters of these; the last one keeps the prefix apart from the rest. */
  private static final String TOPIC_PREFIX = "[A-Za-z0-9][A-Za-z0-9._-]{0,98}[._-]";

  private final Map<String, Value> values;

  private record Value(String text, String origin) {}

  private SettingSources(Map<String, Value> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Collects the values.
   *
   * @param file the settings file, or null for none
   * @param environment environment variables; those that start with RELAY_ must be known
   * @param flags settings by name from the command line
   * @throws IllegalArgumentException naming the setting, its origin, what was found and expected
   */
  public static SettingSources collect(
      @Nullable Path file, Map<String, String> environment, Map<String, String> flags) {
    Map<String, Value> values = new HashMap<>();
    if (file != null) {
      read(file).forEach((name, text) -> put(values, name, text, file.toString()));
    }
    SettingVariables.requireKnown(environment);
    for (Setting setting : Setting.values()) {
      String text = environment.get(setting.variable());
      if (text != null) {
        put(values, setting.key(), text, setting.variable());
      }
    }
    flags.forEach((name, text) -> put(values, name, text, "command line"));
    return new SettingSources(values);
  }

  private static void put(Map<String, Value> values, String name, String text, String origin) {
    if (Setting.RETIRED.contains(name)) {
      LOG.warn("{} ({}): no longer looked at (expected: absent)", name, origin);
      return;
    }
    if (!name.startsWith(KafkaClientProperties.PREFIX)) {
      Setting setting =
          Setting.named(name)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          name
                              + " ("
                              + origin
                              + "): no such setting (expected: one of "
                              + names()
                              + ")"));
      check(setting, text, origin);
    }
    values.put(name, new Value(text, origin));
  }

  private static String names() {
    return Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.joining(", "))
        + ", "
        + KafkaClientProperties.PREFIX
        + "*";
  }

  private static void check(Setting setting, String text, String origin) {
    boolean fits =
        switch (setting.kind()) {
          case TEXT -> true;
          case PATH -> !text.isBlank();
          case NUMBER -> text.matches("-?[0-9]{1,9}");
          case DURATION -> text.matches("[0-9]{1,9}");
          case SWITCH -> text.equals("true") || text.equals("false");
        };
    Requirement.that(
        fits, setting.key() + " (" + origin + ")", '"' + text + '"', setting.kind().expected());
  }

  private static Map<String, String> read(Path file) {
    try {
      Object document =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file));
      Map<String, String> flat = new LinkedHashMap<>();
      if (document != null) {
        flatten(file, "", document, flat);
      }
      return flat;
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(file + ": " + place(e) + " (expected: YAML)");
    } catch (IOException e) {
      throw new IllegalArgumentException(
          file
              + ": cannot be read: "
              + (e instanceof NoSuchFileException ? "no such file" : e)
              + " (expected: a settings file)",
          e);
    }
  }

  /** Where it is broken, and not a character of what is there: it may be a secret. */
  private static String place(YamlEngineException broken) {
    return broken instanceof MarkedYamlEngineException marked
        ? marked
            .getProblemMark()
            .map(at -> "line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1))
            .map(at -> at + ": not well formed")
            .orElse("not well formed")
        : "not well formed";
  }

  private static void flatten(
      Path file, String prefix, @Nullable Object node, Map<String, String> into) {
    if (node instanceof Map<?, ?> map) {
      map.forEach(
          (key, value) ->
              flatten(file, prefix.isEmpty() ? key.toString() : prefix + "." + key, value, into));
    } else if (prefix.isEmpty()) {
      throw new IllegalArgumentException(
          file + ": no settings in it (expected: lines such as http: {port: 8080})");
    } else if (node instanceof List<?> list) {
      into.put(prefix, list.stream().map(String::valueOf).collect(Collectors.joining(",")));
    } else {
      into.put(prefix, node == null ? "" : node.toString());
    }
  }

  String text(Setting setting) {
    Value value = values.get(setting.key());
    return value == null ? setting.fallback() : value.text();
  }

  String origin(Setting setting) {
    return origin(setting.key());
  }

  String origin(String name) {
    Value value = values.get(name);
    return value == null ? EffectiveSetting.DEFAULT : value.origin();
  }

  int number(Setting setting) {
    return Integer.parseInt(text(setting));
  }

  boolean isOn(Setting setting) {
    return Boolean.parseBoolean(text(setting));
  }

  Duration duration(Setting setting) {
    return Duration.ofMillis(Long.parseLong(text(setting)));
  }

  /**
   * How the topics are called in Kafka.
   *
   * @throws IllegalArgumentException naming the setting, what was found and expected
   */
  public TopicNames topics() {
    String prefix = text(Setting.TOPIC_PREFIX);
    Requirement.that(
        prefix.matches(TOPIC_PREFIX),
        Setting.TOPIC_PREFIX.key(),
        '"' + prefix + '"',
        "2 to 100 letters, digits, dots, dashes and underscores, the last one no letter or digit,"
            + " such as "
            + Topics.PREFIX);
    return new TopicNames(prefix);
  }

  /** The properties that are passed to every Kafka client. */
  public KafkaClientProperties kafkaClient() {
    String prefix = KafkaClientProperties.PREFIX;
    return new KafkaClientProperties(
        values.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(prefix))
            .collect(
                Collectors.toMap(
                    entry -> entry.getKey().substring(prefix.length()),
                    entry -> entry.getValue().text())));
  }
}
