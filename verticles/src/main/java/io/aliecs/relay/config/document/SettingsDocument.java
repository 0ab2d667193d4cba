package io.aliecs.relay.config.document;

import io.aliecs.relay.text.Quoted;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

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
  public static final int LARGEST = 256 * 1024;

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final String ONE_MAPPING = "one YAML mapping, such as integrationPlugins: [kafka]";

  public SettingsDocument {
    publishTo = List.copyOf(publishTo);
    readFrom = List.copyOf(readFrom);
    surprises = List.copyOf(surprises);
  }

  /**
   * Judges a document. Takes what AliECS's own reader takes for the keys of {@link SettingsRules},
   * and is blind to every other key. Total; takes no more than {@link YamlDocument#LONGEST} of a
   * processor, and some tens of milliseconds for the largest documents, so keep it off the event
   * loop.
   */
  public static ParsedSettings parse(byte[] bytes) {
    return parse(bytes, SettingsDocument::processorNanos);
  }

  /**
   * What this thread has taken of a processor: on a machine that has other things to do, a document
   * that is good must not be refused for the time of others.
   */
  static long processorNanos() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }

  static ParsedSettings parse(byte[] bytes, LongSupplier nanoTime) {
    try {
      return new ParsedSettings.Accepted(read(bytes, nanoTime));
    } catch (RefusedException refused) {
      return new ParsedSettings.Refused(refused.refusal());
    }
  }

  private static SettingsDocument read(byte[] bytes, LongSupplier nanoTime)
      throws RefusedException {
    if (bytes.length > LARGEST) {
      throw refused(bytes.length + " bytes", "at most " + LARGEST + " bytes");
    }
    String text = YamlText.decode(bytes);
    try {
      Optional<YamlValue> value = value(text, nanoTime);
      if (value.isEmpty() || SettingsRules.isNothing(value.get())) {
        throw refused("nothing", ONE_MAPPING);
      }
      if (value.get() instanceof YamlValue.Mapping mapping) {
        return SettingsRules.read(mapping);
      }
      String found = value.get() instanceof YamlValue.Sequence ? "a list" : "a single value";
      throw SettingsRules.refused("", value.get(), found, ONE_MAPPING);
    } catch (ReaderException e) {
      int points = Math.min(e.getPosition(), text.codePointCount(0, text.length()));
      String found = String.format("the character U+%04X", e.getCodePoint());
      throw YamlText.refusedAt(
          text, text.offsetByCodePoints(0, points), found, "printable characters only");
    } catch (YamlEngineException e) {
      throw broken(e);
    } catch (IndexOutOfBoundsException e) {
      throw refused("broken YAML: an end that its parser stumbles over", ONE_MAPPING);
    }
  }

  private static Optional<YamlValue> value(String text, LongSupplier nanoTime)
      throws RefusedException {
    try {
      return YamlDocument.read(text, nanoTime);
    } catch (MarkedYamlEngineException broken) {
      String clean = YamlText.withoutSeparatingTabs(text);
      if (clean.equals(text)) {
        throw broken;
      }
      return YamlDocument.read(clean, nanoTime);
    }
  }

  private static RefusedException broken(YamlEngineException e) {
    Optional<YamlValue.Position> position = Optional.empty();
    String problem = e.getMessage();
    if (e instanceof MarkedYamlEngineException marked) {
      Optional<Mark> mark = marked.getProblemMark().or(marked::getContextMark);
      position = mark.map(YamlDocument::position);
      problem = marked.getProblem();
    }
    String found = "broken YAML: " + Quoted.plain(problem == null ? "unreadable" : problem);
    int line = position.map(YamlValue.Position::line).orElse(0);
    int column = position.map(YamlValue.Position::column).orElse(0);
    return new RefusedException(new SettingsViolation("", line, column, found, ONE_MAPPING));
  }

  private static RefusedException refused(String found, String expected) {
    return new RefusedException(new SettingsViolation("", 0, 0, found, expected));
  }
}
