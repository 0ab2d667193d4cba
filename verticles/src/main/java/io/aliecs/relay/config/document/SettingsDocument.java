package io.aliecs.relay.config.document;

import io.aliecs.relay.text.Quoted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * What the relay understands of the YAML document that it shares with AliECS.
 *
 * @param kafkaPlugin whether {@code integrationPlugins} holds {@code kafka} and {@code enableKafka}
 *     is not false
 * @param publishTo {@code kafkaEndpoint}, or else {@code kafkaEndpoints}; never empty when {@code
 *     kafkaPlugin}
 * @param readFrom {@code kafkaEndpoints}, or else {@code kafkaEndpoint}
 * @param streamEnabled whether AliECS writes its event stream: {@code enableKafka}
 * @param surprises a sentence for each thing that is probably not what its author meant
 */
public record SettingsDocument(
    boolean kafkaPlugin,
    List<String> publishTo,
    List<String> readFrom,
    boolean streamEnabled,
    List<String> surprises) {

  /** The largest document that is looked at, in bytes. */
  static final int LARGEST = 256 * 1024;

  private static final String ONE_MAPPING = "one YAML mapping, such as integrationPlugins: [kafka]";

  public SettingsDocument {
    publishTo = List.copyOf(publishTo);
    readFrom = List.copyOf(readFrom);
    surprises = List.copyOf(surprises);
  }

  /**
   * Reads a document. Takes what AliECS's own reader takes for the keys of {@link SettingsRules},
   * and is blind to every other key. Takes some tens of milliseconds for the largest documents, so
   * keep it off the event loop.
   *
   * @param text with U+FFFD for bytes that are no text
   * @throws RefusedException when it was not understood; nothing of it may be used
   */
  public static SettingsDocument parse(String text) throws RefusedException {
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    if (size > LARGEST) {
      throw refused(size + " bytes", "at most " + LARGEST + " bytes");
    }
    if (text.indexOf('\uFFFD') >= 0) {
      throw refused("bytes that are no UTF-8 text, or U+FFFD", "UTF-8 text");
    }
    Optional<Node> root = root(text);
    if (root.isEmpty() || SettingsRules.isNothing(root.get())) {
      throw refused("nothing", ONE_MAPPING);
    }
    if (root.get() instanceof MappingNode mapping) {
      return SettingsRules.read(mapping);
    }
    String found = root.get() instanceof SequenceNode ? "a list" : "a single value";
    throw new RefusedException(
        RefusedException.DOCUMENT, root.get().getStartMark(), found, ONE_MAPPING);
  }

  private static Optional<Node> root(String text) throws RefusedException {
    try {
      return compose(text);
    } catch (ReaderException e) {
      throw unprintable(text, e);
    } catch (YamlEngineException e) {
      throw broken(e);
    } catch (IndexOutOfBoundsException e) {
      throw refused("broken YAML: an end that its parser stumbles over", ONE_MAPPING);
    }
  }

  private static Optional<Node> compose(String text) throws RefusedException {
    try {
      return BoundedComposer.compose(events(text));
    } catch (MarkedYamlEngineException broken) {
      String clean = SeparatingTabs.asBlanks(text);
      if (clean.equals(text)) {
        throw broken;
      }
      return BoundedComposer.compose(events(clean));
    }
  }

  private static Iterable<Event> events(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel("settings")
            .setCodePointLimit(LARGEST)
            // Room for all of it: a character of two halves must not lie across buffers.
            .setBufferSize(text.length() + 1)
            .build();
    return new Parse(settings).parseString(text);
  }

  private static RefusedException unprintable(String text, ReaderException e) {
    int points = Math.min(e.getPosition(), text.codePointCount(0, text.length()));
    int at = text.offsetByCodePoints(0, points);
    int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
    int column = at - text.lastIndexOf('\n', at - 1);
    return new RefusedException(
        RefusedException.at(RefusedException.DOCUMENT, line, column),
        String.format("the character U+%04X", e.getCodePoint()),
        "printable characters only");
  }

  private static RefusedException broken(YamlEngineException e) {
    Optional<Mark> mark = Optional.empty();
    String problem = e.getMessage();
    if (e instanceof MarkedYamlEngineException marked) {
      mark = marked.getProblemMark().or(marked::getContextMark);
      problem = marked.getProblem();
    }
    String found = "broken YAML: " + Quoted.plain(problem == null ? "unreadable" : problem);
    return new RefusedException(RefusedException.DOCUMENT, mark, found, ONE_MAPPING);
  }

  private static RefusedException refused(String found, String expected) {
    return new RefusedException(RefusedException.DOCUMENT, found, expected);
  }
}
