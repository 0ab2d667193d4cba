package io.aliecs.relay.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** What the three keys of the settings document may hold. */
final class SettingsRules {

  static final String ENDPOINT = "kafkaEndpoint";
  static final String ENDPOINTS = "kafkaEndpoints";
  static final String PLUGINS = "integrationPlugins";

  private static final String PLUGIN = "kafka";

  private SettingsRules() {}

  /** Reads the three keys; {@code kafkaEndpoints} wins over {@code kafkaEndpoint}. */
  static SettingsDocument read(Map<String, Node> document) throws RefusedException {
    refuseOtherSpellings(document);
    Node plugins = document.get(PLUGINS);
    boolean plugin = plugins != null && holdsPlugin(plugins);
    List<String> one = endpoint(document.get(ENDPOINT));
    List<String> many = endpoints(document.get(ENDPOINTS));
    List<String> brokers = many.isEmpty() ? one : many;
    if (plugins != null && plugin && brokers.isEmpty()) {
      throw YamlTree.refused(
          PLUGINS,
          plugins,
          "kafka, but no broker",
          "a broker in kafkaEndpoints or kafkaEndpoint, such as kafkaEndpoint: \"10.1.2.3:9092\"");
    }
    return new SettingsDocument(plugin, brokers);
  }

  /**
   * AliECS reads keys whatever their case; to ignore {@code kafkaendpoint} would be a silent no.
   */
  private static void refuseOtherSpellings(Map<String, Node> document) throws RefusedException {
    for (String key : document.keySet()) {
      for (String ours : List.of(ENDPOINT, ENDPOINTS, PLUGINS)) {
        if (key.equalsIgnoreCase(ours) && !key.equals(ours)) {
          throw YamlTree.refused(
              ours, document.get(key), "it spelled " + Shown.quoted(key), "the spelling " + ours);
        }
      }
    }
  }

  private static boolean holdsPlugin(Node plugins) throws RefusedException {
    boolean holds = false;
    for (ScalarNode plugin :
        strings(
            PLUGINS, plugins, "a list of names, such as [kafka], or []", "a name, such as kafka")) {
      String name = plugin.getValue();
      if (!name.equals(PLUGIN) && name.strip().equalsIgnoreCase(PLUGIN)) {
        throw YamlTree.refused(PLUGINS, plugin, Shown.quoted(name), "exactly kafka");
      }
      holds |= name.equals(PLUGIN);
    }
    return holds;
  }

  private static List<String> endpoint(@Nullable Node node) throws RefusedException {
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
      throw YamlTree.refused(ENDPOINT, node, described(node), "a string, " + Endpoint.EXPECTED);
    }
    if (scalar.getValue().isEmpty()) {
      return List.of();
    }
    requireEndpoint(ENDPOINT, scalar);
    return List.of(scalar.getValue());
  }

  private static List<String> endpoints(@Nullable Node node) throws RefusedException {
    List<String> brokers = new ArrayList<>();
    for (ScalarNode broker :
        strings(
            ENDPOINTS,
            node,
            "a list of strings, each " + Endpoint.EXPECTED,
            "a string, " + Endpoint.EXPECTED)) {
      requireEndpoint(ENDPOINTS + "[" + brokers.size() + "]", broker);
      brokers.add(broker.getValue());
    }
    return brokers;
  }

  private static void requireEndpoint(String key, ScalarNode node) throws RefusedException {
    if (!Endpoint.isValid(node.getValue())) {
      throw YamlTree.refused(key, node, Shown.quoted(node.getValue()), Endpoint.EXPECTED);
    }
  }

  /** The items of a list of strings; none when the key is missing. */
  private static List<ScalarNode> strings(
      String key, @Nullable Node node, String expected, String expectedItem)
      throws RefusedException {
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode sequence)) {
      throw YamlTree.refused(key, node, described(node), expected);
    }
    List<ScalarNode> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      if (!(item instanceof ScalarNode scalar) || !scalar.getTag().equals(Tag.STR)) {
        throw YamlTree.refused(key + "[" + items.size() + "]", item, described(item), expectedItem);
      }
      items.add(scalar);
    }
    return items;
  }

  private static String described(Node node) {
    if (node instanceof SequenceNode) {
      return "a list";
    }
    if (node instanceof MappingNode) {
      return "a mapping";
    }
    if (node instanceof ScalarNode scalar) {
      Tag tag = scalar.getTag();
      if (tag.equals(Tag.NULL)) {
        return "no value";
      }
      String kind =
          tag.equals(Tag.STR)
              ? "the string "
              : tag.equals(Tag.BOOL)
                  ? "the boolean "
                  : tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)
                      ? "the number "
                      : "a value tagged " + Shown.plain(tag.getValue()) + ", ";
      return kind + Shown.quoted(scalar.getValue());
    }
    return "an alias";
  }
}
