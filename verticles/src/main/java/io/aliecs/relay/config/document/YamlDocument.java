package io.aliecs.relay.config.document;

import io.aliecs.relay.text.Quoted;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;

/**
 * Puts the events of a YAML parser together to one value. Linear in the length of the text and
 * without recursion, whatever the text is: an alias costs nothing, one inside what it stands for is
 * refused, and there are bounds for depth, aliases, what they stand for, and time.
 */
final class YamlDocument {

  /** What a document may take of a processor; one of the largest size takes a tenth of that. */
  static final Duration LONGEST = Duration.ofSeconds(1);

  static final int DEEPEST = 1_000;
  static final int MOST_ALIASES = 10_000;

  /** What AliECS's parser allows a document to grow to by its aliases. */
  static final int MOST_VALUES = 400_000;

  /** A collection under construction; what its anchor stands for once it is finished. */
  private static final class OpenCollection {
    private final CollectionStartEvent start;
    private final List<YamlValue> inside = new ArrayList<>();
    private @Nullable YamlValue finished;

    OpenCollection(CollectionStartEvent start) {
      this.start = start;
    }
  }

  private final LongSupplier nanoTime;
  private final long begun;
  private final Deque<OpenCollection> open = new ArrayDeque<>();
  private final Map<Anchor, OpenCollection> collections = new HashMap<>();
  private final Map<Anchor, YamlValue> scalars = new HashMap<>();
  private int documents;
  private int aliases;
  private @Nullable YamlValue root;

  private YamlDocument(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.begun = nanoTime.getAsLong();
  }

  /**
   * Reads a text.
   *
   * @param nanoTime a clock that never steps back, that of this thread or of all, in ns
   * @return its value, empty when it has none
   * @throws RefusedException when it goes beyond the bounds or has a second document
   * @throws org.snakeyaml.engine.v2.exceptions.YamlEngineException when it is no YAML
   */
  static Optional<YamlValue> read(String text, LongSupplier nanoTime) throws RefusedException {
    YamlDocument document = new YamlDocument(nanoTime);
    for (Event event : new Parse(settings(text)).parseString(text)) {
      document.take(event);
    }
    return Optional.ofNullable(document.root);
  }

  /** With room for all of it at once: a character of two halves must not lie across buffers. */
  private static LoadSettings settings(String text) {
    return LoadSettings.builder()
        .setLabel("settings")
        .setCodePointLimit(SettingsDocument.LARGEST)
        .setBufferSize(text.length() + 1)
        .build();
  }

  private void take(Event event) throws RefusedException {
    if (nanoTime.getAsLong() - begun > LONGEST.toNanos()) {
      throw refused(event, "one that takes more than %s s to read", LONGEST.toSeconds());
    }
    switch (event.getEventId()) {
      case DocumentStart -> {
        if (++documents > 1) {
          throw new RefusedException(refusal(event, "a second document", "one document"));
        }
      }
      case MappingStart, SequenceStart -> begin((CollectionStartEvent) event);
      case MappingEnd, SequenceEnd -> end();
      case Scalar -> scalar((ScalarEvent) event);
      case Alias -> alias((AliasEvent) event);
      default -> {}
    }
  }

  private void begin(CollectionStartEvent event) throws RefusedException {
    OpenCollection collection = new OpenCollection(event);
    open.push(collection);
    if (open.size() > DEEPEST) {
      throw refused(event, "more than %s levels", DEEPEST);
    }
    event.getAnchor().ifPresent(anchor -> anchored(anchor, collection));
  }

  private void anchored(Anchor anchor, OpenCollection collection) {
    scalars.remove(anchor);
    collections.put(anchor, collection);
  }

  private void end() throws RefusedException {
    OpenCollection collection = open.pop();
    YamlValue.Extent extent = YamlValue.Extent.around(collection.inside);
    if (extent.values() > MOST_VALUES) {
      throw refused(collection.start, "aliases that stand for more than %s values", MOST_VALUES);
    }
    if (extent.levels() > DEEPEST) {
      throw refused(collection.start, "more than %s levels", DEEPEST);
    }
    List<YamlValue> inside = List.copyOf(collection.inside);
    YamlValue value =
        collection.start.getEventId() == Event.ID.MappingStart
            ? new YamlValue.Mapping(inside, extent, position(collection.start))
            : new YamlValue.Sequence(inside, extent, position(collection.start));
    collection.finished = value;
    add(value);
  }

  private void scalar(ScalarEvent event) {
    YamlValue value =
        new YamlValue.Scalar(event.getValue(), event.isPlain(), event.getTag(), position(event));
    event
        .getAnchor()
        .ifPresent(
            anchor -> {
              collections.remove(anchor);
              scalars.put(anchor, value);
            });
    add(value);
  }

  private void alias(AliasEvent event) throws RefusedException {
    if (++aliases > MOST_ALIASES) {
      throw refused(event, "more than %s aliases", MOST_ALIASES);
    }
    Anchor anchor = event.getAlias();
    OpenCollection collection = collections.get(anchor);
    YamlValue value = collection == null ? scalars.get(anchor) : collection.finished;
    if (value == null) {
      String found = "the alias " + Quoted.of("*" + anchor.getValue());
      throw new RefusedException(
          collection == null
              ? refusal(event, found + " of nothing", "an anchor before it")
              : refusal(event, found + " inside what it stands for", "no value inside itself"));
    }
    add(value);
  }

  private void add(YamlValue value) {
    OpenCollection around = open.peek();
    if (around == null) {
      root = value;
    } else {
      around.inside.add(value);
    }
  }

  private static RefusedException refused(Event event, String found, long bound) {
    return new RefusedException(refusal(event, found.formatted(bound), "no more than " + bound));
  }

  private static SettingsViolation refusal(Event event, String found, String expected) {
    YamlValue.Position position = position(event);
    return new SettingsViolation("", position.line(), position.column(), found, expected);
  }

  private static YamlValue.Position position(Event event) {
    return event.getStartMark().map(YamlDocument::position).orElse(new YamlValue.Position(0, 0));
  }

  static YamlValue.Position position(Mark mark) {
    return new YamlValue.Position(mark.getLine() + 1, mark.getColumn() + 1);
  }
}
