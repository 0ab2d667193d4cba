package io.aliecs.relay.config.document;

import io.aliecs.relay.text.Quoted;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * What the keys of the settings document mean, by the rules of AliECS's reader (viper, with its
 * cast of types): keys in any case, no value as no key, a text for a list split at its blanks,
 * numbers and booleans as text. Refused is what it cannot read either, and an endpoint that is
 * none.
 */
final class SettingsRules {

  private static final String ENDPOINT = "kafkaEndpoint";
  private static final String ENDPOINTS = "kafkaEndpoints";
  private static final String PLUGINS = "integrationPlugins";
  private static final String ENABLE = "enableKafka";
  private static final String PLUGIN = "kafka";

  private static final Pattern BLANKS = Pattern.compile("(?U)\\s+");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(0x[0-9a-fA-F_]+|0o?[0-7_]+|0b[01_]+|[0-9._]+([eE][-+]?[0-9]+)?)");
  private static final Set<String> YES = Set.of("1", "t", "T", "true", "True", "TRUE");
  private static final Set<String> NO = Set.of("0", "f", "F", "false", "False", "FALSE");
  private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

  /** The values that count, by their keys in lower case. */
  private final Map<String, Node> document = new HashMap<>();

  private final List<String> surprises = new ArrayList<>();

  private SettingsRules() {}

  /** Reads the keys of a document. */
  static SettingsDocument read(MappingNode mapping) throws RefusedException {
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
      throw new RefusedException(
          PLUGINS,
          value(PLUGINS).flatMap(Node::getStartMark),
          "kafka, but no broker",
          "a broker in kafkaEndpoint or kafkaEndpoints, such as kafkaEndpoint: \"10.1.2.3:9092\"");
    }
    List<String> readFrom = many.isEmpty() ? publishTo : many;
    return new SettingsDocument(plugin && enabled, publishTo, readFrom, enabled, surprises);
  }

  private Optional<Node> value(String key) {
    return Optional.ofNullable(document.get(key.toLowerCase(Locale.ROOT)));
  }

  /** Takes the pairs of a mapping, and then those that it merges, which count for less. */
  private void take(MappingNode mapping) throws RefusedException {
    Map<String, Node> own = new HashMap<>();
    List<Node> merged = new ArrayList<>();
    for (NodeTuple pair : mapping.getValue()) {
      if (pair.getKeyNode() instanceof ScalarNode key) {
        String name = key.getValue();
        if (key.isPlain() && name.equals("<<")) {
          merged.add(pair.getValueNode());
        } else if (own.put(name.toLowerCase(Locale.ROOT), pair.getValueNode()) != null) {
          throw refused(Quoted.plain(name), key, "the key a second time", "each key at most once");
        }
      }
    }
    own.forEach(document::putIfAbsent);
    for (Node value : merged) {
      merge(value);
    }
  }

  private void merge(Node merged) throws RefusedException {
    List<Node> all =
        merged instanceof SequenceNode sequence ? sequence.getValue() : List.of(merged);
    for (Node one : all) {
      if (!(one instanceof MappingNode mapping)) {
        throw refused("<<", one, described(one), "a mapping, or a list of mappings");
      }
      take(mapping);
    }
  }

  private boolean enabled() throws RefusedException {
    Optional<Node> value = value(ENABLE);
    if (value.isEmpty()) {
      return true;
    }
    if (value.get() instanceof ScalarNode scalar) {
      String text = scalar.getValue();
      if (YES.contains(text)) {
        return true;
      }
      if (NO.contains(text)) {
        return false;
      }
      if (scalar.isPlain() && NUMBER.matcher(text).matches()) {
        return text.chars().anyMatch(c -> c >= '1' && c <= '9');
      }
    }
    throw refused(ENABLE, value.get(), described(value.get()), "true or false");
  }

  private boolean holdsPlugin() throws RefusedException {
    boolean holds = false;
    for (Item item :
        items(PLUGINS, "a list of names, such as [kafka], or []", "a name, such as kafka")) {
      if (!item.text().equals(PLUGIN)
          && Arrays.asList(BLANKS.split(item.text().toLowerCase(Locale.ROOT))).contains(PLUGIN)) {
        String where = RefusedException.at(PLUGINS, item.node().getStartMark());
        surprises.add(
            RefusedException.sentence(where, Quoted.of(item.text()), "exactly kafka")
                + ", which does not count");
      }
      holds |= item.text().equals(PLUGIN);
    }
    return holds;
  }

  private Optional<String> endpoint() throws RefusedException {
    Optional<Node> value = value(ENDPOINT);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (!(value.get() instanceof ScalarNode scalar)) {
      throw refused(ENDPOINT, value.get(), described(value.get()), Endpoint.EXPECTED);
    }
    String text = scalar.getValue();
    return text.isEmpty() ? Optional.empty() : Optional.of(endpoint(ENDPOINT, scalar, text));
  }

  private List<String> endpoints() throws RefusedException {
    List<String> brokers = new ArrayList<>();
    for (Item item :
        items(ENDPOINTS, "a list of texts, each " + Endpoint.EXPECTED, Endpoint.EXPECTED)) {
      brokers.add(endpoint(ENDPOINTS + "[" + brokers.size() + "]", item.node(), item.text()));
    }
    return brokers;
  }

  private static String endpoint(String key, Node node, String text) throws RefusedException {
    if (!Endpoint.isValid(text)) {
      throw refused(key, node, Quoted.of(text), Endpoint.EXPECTED);
    }
    return text;
  }

  /** One text of a list, and where it is from. */
  private record Item(Node node, String text) {}

  /** The texts of a list that are not empty; a single text is split at its blanks. */
  private List<Item> items(String key, String expected, String expectedItem)
      throws RefusedException {
    Optional<Node> value = value(key);
    List<Item> items = new ArrayList<>();
    if (value.isEmpty()) {
      return items;
    }
    if (value.get() instanceof ScalarNode scalar) {
      for (String part : List.of(BLANKS.split(scalar.getValue()))) {
        items.add(new Item(scalar, part));
      }
    } else if (value.get() instanceof SequenceNode sequence) {
      for (Node item : sequence.getValue()) {
        if (!(item instanceof ScalarNode scalar)) {
          throw refused(key + "[" + items.size() + "]", item, described(item), expectedItem);
        }
        items.add(new Item(scalar, isNothing(scalar) ? "" : scalar.getValue()));
      }
    } else {
      throw refused(key, value.get(), described(value.get()), expected);
    }
    items.removeIf(item -> item.text().isEmpty());
    return items;
  }

  /** Whether a value is YAML's null, in any of its forms. */
  static boolean isNothing(Node value) {
    return value instanceof ScalarNode scalar
        && (scalar.getTag().equals(Tag.NULL)
            || (scalar.getTag().equals(Tag.STR)
                && scalar.isPlain()
                && NOTHING.contains(scalar.getValue())));
  }

  private static String described(Node value) {
    if (value instanceof ScalarNode scalar) {
      return Quoted.of(scalar.getValue());
    }
    return value instanceof SequenceNode ? "a list" : "a mapping";
  }

  /** A refusal that points at where a value begins. */
  private static RefusedException refused(String key, Node node, String found, String expected) {
    return new RefusedException(key, node.getStartMark(), found, expected);
  }
}
