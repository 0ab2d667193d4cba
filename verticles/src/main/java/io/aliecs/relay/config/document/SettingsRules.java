package io.aliecs.relay.config.document;

import io.aliecs.relay.text.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the keys of the settings document mean, by the rules of AliECS's reader (viper, with its
 * cast of types): keys in any case, no value as no key, a text for a list split at its blanks,
 * numbers and booleans as text. Refused is what it cannot read either, and an endpoint that is
 * none.
 */
final class SettingsRules {

  static final String ENDPOINT = "kafkaEndpoint";
  static final String ENDPOINTS = "kafkaEndpoints";
  static final String PLUGINS = "integrationPlugins";
  static final String ENABLE = "enableKafka";

  private static final List<String> KEYS = List.of(ENDPOINT, ENDPOINTS, PLUGINS, ENABLE);
  private static final String PLUGIN = "kafka";
  private static final String TAGS = "tag:yaml.org,2002:";
  private static final Pattern BLANKS = Pattern.compile("(?U)\\s+");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+|[0-9._]+([eE][-+]?[0-9]+)?)");
  private static final Set<String> YES = Set.of("1", "t", "T", "true", "True", "TRUE");
  private static final Set<String> NO = Set.of("0", "f", "F", "false", "False", "FALSE");
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

  private final Map<String, YamlValue> document = new HashMap<>();
  private final List<String> surprises = new ArrayList<>();

  private SettingsRules() {}

  /** Reads the keys of a document. */
  static SettingsDocument read(YamlValue.Mapping mapping) throws RefusedException {
    SettingsRules rules = new SettingsRules();
    rules.take(mapping);
    return rules.document();
  }

  private SettingsDocument document() throws RefusedException {
    document.values().removeIf(SettingsRules::isNothing);
    boolean enabled = enabled();
    boolean plugin = holdsPlugin();
    Optional<String> one = endpoint();
    List<String> many = endpoints();
    List<String> publishTo = one.map(List::of).orElse(many);
    if (plugin && enabled && publishTo.isEmpty()) {
      throw refused(
          PLUGINS,
          document.get(PLUGINS),
          "kafka, but no broker",
          "a broker in kafkaEndpoint or kafkaEndpoints, such as kafkaEndpoint: \"10.1.2.3:9092\"");
    }
    List<String> readFrom = many.isEmpty() ? publishTo : many;
    return new SettingsDocument(plugin && enabled, publishTo, readFrom, enabled, surprises);
  }

  /** Takes the pairs of a mapping, and then those that it merges, which count for less. */
  private void take(YamlValue.Mapping mapping) throws RefusedException {
    Map<String, YamlValue> own = new HashMap<>();
    List<YamlValue> merged = new ArrayList<>();
    for (int at = 0; at < mapping.inside().size(); at += 2) {
      YamlValue value = mapping.inside().get(at + 1);
      if (mapping.inside().get(at) instanceof YamlValue.Scalar key) {
        if (key.plain() && key.text().equals("<<")) {
          merged.add(value);
        } else if (own.put(key.text().toLowerCase(Locale.ROOT), value) != null) {
          throw refused(
              Quoted.plain(key.text()), key, "the key a second time", "each key at most once");
        }
      }
    }
    own.forEach(
        (name, value) ->
            KEYS.stream()
                .filter(name::equalsIgnoreCase)
                .forEach(key -> document.putIfAbsent(key, value)));
    for (YamlValue value : merged) {
      merge(value);
    }
  }

  private void merge(YamlValue merged) throws RefusedException {
    List<YamlValue> all =
        merged instanceof YamlValue.Sequence sequence ? sequence.items() : List.of(merged);
    for (YamlValue one : all) {
      if (!(one instanceof YamlValue.Mapping mapping)) {
        throw refused("<<", one, described(one), "a mapping, or a list of mappings");
      }
      take(mapping);
    }
  }

  private boolean enabled() throws RefusedException {
    YamlValue value = document.get(ENABLE);
    if (value == null) {
      return true;
    }
    if (value instanceof YamlValue.Scalar scalar) {
      String text = scalar.text();
      if (YES.contains(text)) {
        return true;
      }
      if (NO.contains(text)) {
        return false;
      }
      if (scalar.plain() && NUMBER.matcher(text).matches()) {
        return text.chars().anyMatch(c -> c >= '1' && c <= '9');
      }
    }
    throw refused(ENABLE, value, described(value), "true or false");
  }

  private boolean holdsPlugin() throws RefusedException {
    boolean holds = false;
    for (Item item :
        items(PLUGINS, "a list of names, such as [kafka], or []", "a name, such as kafka")) {
      if (!item.text().equals(PLUGIN)
          && Arrays.asList(BLANKS.split(item.text().toLowerCase(Locale.ROOT))).contains(PLUGIN)) {
        surprises.add(
            refusal(PLUGINS, item.value(), Quoted.of(item.text()), "exactly kafka").sentence()
                + ", which does not count");
      }
      holds |= item.text().equals(PLUGIN);
    }
    return holds;
  }

  private Optional<String> endpoint() throws RefusedException {
    YamlValue value = document.get(ENDPOINT);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof YamlValue.Scalar scalar)) {
      throw refused(ENDPOINT, value, described(value), Endpoint.EXPECTED);
    }
    String text = text(scalar);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    requireEndpoint(ENDPOINT, scalar, text);
    return Optional.of(text);
  }

  private List<String> endpoints() throws RefusedException {
    List<String> brokers = new ArrayList<>();
    for (Item item :
        items(ENDPOINTS, "a list of texts, each " + Endpoint.EXPECTED, Endpoint.EXPECTED)) {
      requireEndpoint(ENDPOINTS + "[" + brokers.size() + "]", item.value(), item.text());
      brokers.add(item.text());
    }
    return brokers;
  }

  private static void requireEndpoint(String key, YamlValue value, String text)
      throws RefusedException {
    if (!Endpoint.isValid(text)) {
      throw refused(key, value, Quoted.of(text), Endpoint.EXPECTED);
    }
  }

  /** One text of a list, and where it is from. */
  private record Item(YamlValue value, String text) {}

  /** The texts of a list that are not empty; a single text is split at its blanks. */
  private List<Item> items(String key, String expected, String expectedItem)
      throws RefusedException {
    YamlValue value = document.get(key);
    List<Item> items = new ArrayList<>();
    if (value instanceof YamlValue.Scalar scalar) {
      for (String part : List.of(BLANKS.split(text(scalar)))) {
        items.add(new Item(scalar, part));
      }
    } else if (value instanceof YamlValue.Sequence sequence) {
      for (YamlValue item : sequence.items()) {
        if (!(item instanceof YamlValue.Scalar scalar)) {
          throw refused(key + "[" + items.size() + "]", item, described(item), expectedItem);
        }
        items.add(new Item(scalar, isNothing(scalar) ? "" : text(scalar)));
      }
    } else if (value != null) {
      throw refused(key, value, described(value), expected);
    }
    items.removeIf(item -> item.text().isEmpty());
    return items;
  }

  private static String text(YamlValue.Scalar scalar) {
    if (!scalar.tag().equals(Optional.of(TAGS + "binary"))) {
      return scalar.text();
    }
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(scalar.text());
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      return scalar.text();
    }
  }

  /** Whether a value is YAML's null, in any of its forms. */
  static boolean isNothing(YamlValue value) {
    return value instanceof YamlValue.Scalar scalar
        && (scalar.tag().isEmpty()
            ? scalar.plain() && NOTHING.contains(scalar.text())
            : scalar.tag().get().equals(TAGS + "null"));
  }

  private static String described(YamlValue value) {
    if (value instanceof YamlValue.Scalar scalar) {
      return Quoted.of(scalar.text());
    }
    return value instanceof YamlValue.Sequence ? "a list" : "a mapping";
  }

  /** A refusal that points at where a value begins. */
  static RefusedException refused(
      String key, @Nullable YamlValue value, String found, String expected) {
    return new RefusedException(refusal(key, value, found, expected));
  }

  private static SettingsViolation refusal(
      String key, @Nullable YamlValue value, String found, String expected) {
    return value == null
        ? new SettingsViolation(key, 0, 0, found, expected)
        : new SettingsViolation(
            key, value.position().line(), value.position().column(), found, expected);
  }
}
