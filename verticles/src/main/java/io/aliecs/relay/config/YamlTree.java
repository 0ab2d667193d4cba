package io.aliecs.relay.config;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.NodeType;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** From bytes to the top level of one YAML mapping, with limits that keep it cheap. */
final class YamlTree {

  private static final int DEEPEST = 64;
  private static final int MOST_ALIASES = 100;
  private static final String ONE_MAPPING = "one YAML mapping, such as integrationPlugins: [kafka]";

  private static final LoadSettings SETTINGS =
      LoadSettings.builder()
          .setLabel("settings")
          .setSchema(new CoreSchema())
          .setCodePointLimit(SettingsDocument.LARGEST)
          .setMaxAliasesForCollections(MOST_ALIASES)
          .build();

  private YamlTree() {}

  /**
   * Reads the top level of a document: each plain key with its value.
   *
   * @throws RefusedException when it is too large, no UTF-8, no YAML, or no single mapping without
   *     duplicate keys
   */
  static Map<String, Node> read(byte[] bytes) throws RefusedException {
    if (bytes.length > SettingsDocument.LARGEST) {
      throw refused(
          0, 0, bytes.length + " bytes", "at most " + SettingsDocument.LARGEST + " bytes");
    }
    String text = decode(bytes);
    try {
      checkShape(text);
      return topLevel(new Compose(SETTINGS).composeString(text));
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      throw refused(
          mark.map(m -> m.getLine() + 1).orElse(0),
          mark.map(m -> m.getColumn() + 1).orElse(0),
          "broken YAML: " + Shown.plain(e.getProblem() == null ? "unreadable" : e.getProblem()),
          ONE_MAPPING);
    } catch (ReaderException e) {
      throw refusedAt(
          text,
          text.offsetByCodePoints(
              0, Math.min(e.getPosition(), text.codePointCount(0, text.length()))),
          String.format("the character U+%04X", e.getCodePoint()),
          "printable characters only");
    } catch (YamlEngineException e) {
      String message = e.getMessage();
      throw refused(
          0,
          0,
          "broken YAML: " + Shown.plain(message == null ? "unreadable" : message),
          ONE_MAPPING);
    }
  }

  private static String decode(byte[] bytes) throws RefusedException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.length);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CoderResult result = decoder.decode(input, text, true);
    text.flip();
    if (result.isError()) {
      int offending = bytes[input.position()] & 0xff;
      String before = text.toString();
      throw refusedAt(
          before, before.length(), String.format("the byte 0x%02x", offending), "UTF-8 text");
    }
    String decoded = text.toString();
    return decoded.startsWith("\uFEFF") ? decoded.substring(1) : decoded;
  }

  /** Walks the events, which needs no recursion, so that composing them is safe afterwards. */
  private static void checkShape(String text) throws RefusedException {
    int depth = 0;
    int documents = 0;
    int aliases = 0;
    Iterator<Event> events = new Parse(SETTINGS).parseString(text).iterator();
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        case DocumentStart -> documents++;
        case Alias -> aliases++;
        default -> {}
      }
      if (depth > DEEPEST) {
        throw refused(event, "more than " + DEEPEST + " levels", "at most " + DEEPEST + " levels");
      }
      if (documents > 1) {
        throw refused(event, "a second document", "one document");
      }
      if (aliases > MOST_ALIASES) {
        throw refused(
            event,
            "more than " + MOST_ALIASES + " aliases",
            "at most " + MOST_ALIASES + " aliases");
      }
    }
  }

  private static Map<String, Node> topLevel(Optional<Node> composed) throws RefusedException {
    if (composed.isEmpty() || composed.get().getTag().equals(Tag.NULL)) {
      throw refused(0, 0, "nothing", ONE_MAPPING);
    }
    Node root = composed.get();
    if (!(root instanceof MappingNode mapping)) {
      throw refused(
          "",
          root,
          root.getNodeType() == NodeType.SEQUENCE ? "a list" : "a single value",
          ONE_MAPPING);
    }
    Map<String, Node> values = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key) {
        if (values.put(key.getValue(), tuple.getValueNode()) != null) {
          throw refused(
              Shown.plain(key.getValue()), key, "the key a second time", "each key at most once");
        }
      }
    }
    return values;
  }

  /** A refusal that points at where a node starts. */
  static RefusedException refused(String key, Node node, String found, String expected) {
    Optional<Mark> mark = node.getStartMark();
    return new RefusedException(
        new Refusal(
            key,
            mark.map(m -> m.getLine() + 1).orElse(0),
            mark.map(m -> m.getColumn() + 1).orElse(0),
            found,
            expected));
  }

  private static RefusedException refused(Event event, String found, String expected) {
    Optional<Mark> mark = event.getStartMark();
    return refused(
        mark.map(m -> m.getLine() + 1).orElse(0),
        mark.map(m -> m.getColumn() + 1).orElse(0),
        found,
        expected);
  }

  private static RefusedException refused(int line, int column, String found, String expected) {
    return new RefusedException(new Refusal("", line, column, found, expected));
  }

  private static RefusedException refusedAt(
      String text, int offset, String found, String expected) {
    int line = 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
    int column = offset - text.lastIndexOf('\n', offset - 1);
    return refused(line, column, found, expected);
  }
}
