package io.aliecs.relay.config.document;

import io.aliecs.relay.text.Quoted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Puts the events of SnakeYAML's parser together to one node, as its own composer does, but for a
 * text of anybody: linear in its length and without recursion, with bounds for depth, aliases and
 * what they stand for, and no alias inside what it stands for. An alias is the node it stands for.
 */
final class BoundedComposer {

  private static final int DEEPEST = 1_000;
  private static final int MOST_ALIASES = 10_000;

  /** What AliECS's parser allows a document to grow to by its aliases. */
  private static final int MOST_VALUES = 400_000;

  /** A node, and how large it is when each alias in it is written out. */
  private static final class Part {
    private final Node node;
    private long values = 1;
    private int levels = 1;
    private boolean open;
    private @Nullable Node key;

    Part(Node node) {
      this.node = node;
    }

    void add(Part inner) {
      values += inner.values;
      levels = Math.max(levels, inner.levels + 1);
      if (node instanceof SequenceNode sequence) {
        sequence.getValue().add(inner.node);
      } else if (key == null) {
        key = inner.node;
      } else {
        ((MappingNode) node).getValue().add(new NodeTuple(key, inner.node));
        key = null;
      }
    }
  }

  private final Deque<Part> open = new ArrayDeque<>();
  private final Map<Anchor, Part> anchored = new HashMap<>();
  private int documents;
  private int aliases;
  private @Nullable Node root;

  private BoundedComposer() {}

  /**
   * Composes one document.
   *
   * @return its node, empty when it has none
   * @throws RefusedException when it is beyond the bounds, has a second document, or an alias of
   *     nothing or inside what it stands for
   */
  static Optional<Node> compose(Iterable<Event> events) throws RefusedException {
    BoundedComposer composer = new BoundedComposer();
    for (Event event : events) {
      composer.take(event);
    }
    return Optional.ofNullable(composer.root);
  }

  private void take(Event event) throws RefusedException {
    switch (event.getEventId()) {
      case DocumentStart -> {
        if (++documents > 1) {
          throw refused(event.getStartMark(), "a second document", "one document");
        }
      }
      case MappingStart, SequenceStart -> begin((CollectionStartEvent) event);
      case MappingEnd, SequenceEnd -> end();
      case Scalar -> add(anchored((ScalarEvent) event, scalar((ScalarEvent) event)));
      case Alias -> add(meant((AliasEvent) event));
      default -> {}
    }
  }

  private void begin(CollectionStartEvent event) throws RefusedException {
    Optional<Mark> start = event.getStartMark();
    Node node =
        event.getEventId() == Event.ID.MappingStart
            ? new MappingNode(
                Tag.MAP, true, new ArrayList<>(), event.getFlowStyle(), start, Optional.empty())
            : new SequenceNode(
                Tag.SEQ, true, new ArrayList<>(), event.getFlowStyle(), start, Optional.empty());
    Part collection = anchored(event, node);
    collection.open = true;
    open.push(collection);
    requireAtMost(DEEPEST, open.size(), start, "more than %s levels");
  }

  private void end() throws RefusedException {
    Part collection = open.pop();
    collection.open = false;
    Optional<Mark> start = collection.node.getStartMark();
    requireAtMost(
        MOST_VALUES, collection.values, start, "aliases that stand for more than %s values");
    requireAtMost(DEEPEST, collection.levels, start, "more than %s levels");
    add(collection);
  }

  private static Node scalar(ScalarEvent event) {
    Tag tag = event.getTag().map(Tag::new).orElse(Tag.STR);
    return new ScalarNode(
        tag,
        true,
        event.getValue(),
        event.getScalarStyle(),
        event.getStartMark(),
        event.getEndMark());
  }

  private Part anchored(NodeEvent event, Node node) {
    Part part = new Part(node);
    event.getAnchor().ifPresent(anchor -> anchored.put(anchor, part));
    return part;
  }

  private Part meant(AliasEvent event) throws RefusedException {
    requireAtMost(MOST_ALIASES, ++aliases, event.getStartMark(), "more than %s aliases");
    Part part = anchored.get(event.getAlias());
    String found = "the alias " + Quoted.of("*" + event.getAlias().getValue());
    if (part == null) {
      throw refused(event.getStartMark(), found + " of nothing", "an anchor before it");
    }
    if (part.open) {
      throw refused(
          event.getStartMark(), found + " inside what it stands for", "no value inside itself");
    }
    return part;
  }

  private void add(Part part) {
    Part around = open.peek();
    if (around == null) {
      root = part.node;
    } else {
      around.add(part);
    }
  }

  private static void requireAtMost(int bound, long number, Optional<Mark> mark, String found)
      throws RefusedException {
    if (number > bound) {
      throw refused(mark, found.formatted(bound), "no more than " + bound);
    }
  }

  private static RefusedException refused(Optional<Mark> mark, String found, String expected) {
    return new RefusedException(RefusedException.DOCUMENT, mark, found, expected);
  }
}
