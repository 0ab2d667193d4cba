package io.aliecs.relay.host.compare;

import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.host.compare.Difference.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds for each statement of one side that of the other one. What has waited for longer than the
 * patience is a difference. Pure; keeps what waits, and one pair for each environment of the last
 * {@value #ENVIRONMENTS}. Not thread safe.
 */
final class Comparison {
  /** The most statements that may wait for the other side. */
  static final int WAITING_LIMIT = 200_000;

  /** What is no further apart is the same at once; for the rest a nearer one may still come. */
  private static final long CLOSE_MS = 1_000;

  private static final int ENVIRONMENTS = 10_000;
  private static final String EOR = Topics.leaving(State.RUNNING);

  private final long from;
  private final long patience;
  private final Map<Statement.Key, Deque<Statement>> waiting = new LinkedHashMap<>();
  private final Map<String, Pair> lastPairs = new Newest<>();
  private final Map<Statement.Key, Boolean> ended = new Newest<>();
  private final Map<Kind, Long> found = new HashMap<>();
  private final TimeShift messageTime = new TimeShift();
  private final TimeShift recordTime = new TimeShift();
  private int waitingCount;
  private long alike;
  private long atTheEdge;

  /** The same, published by both. */
  private record Pair(Statement plugin, Statement relay) {}

  private static final class Newest<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
      return size() > ENVIRONMENTS;
    }
  }

  /**
   * Nothing compared yet.
   *
   * @param from when it begins, ms since epoch: near it one side may have what the other one had
   *     before
   * @param patience how far apart two statements that are the same may be
   */
  Comparison(long from, Duration patience) {
    this.from = from;
    this.patience = patience.toMillis();
  }

  /**
   * Takes the next statement of a side, in its order.
   *
   * @return what is known to differ by now
   * @throws IllegalStateException when too much waits for the other side
   */
  List<Difference> add(Statement statement) {
    Deque<Statement> same = waiting.computeIfAbsent(statement.key(), key -> new ArrayDeque<>());
    Statement partner = partner(same, statement, Math.min(CLOSE_MS, patience));
    if (partner == null) {
      same.add(statement);
      if (++waitingCount > WAITING_LIMIT) {
        throw new IllegalStateException(
            WAITING_LIMIT
                + " messages wait for the other side (expected: fewer; a smaller --patience, or a"
                + " later --since)");
      }
      return List.of();
    }
    waitingCount--;
    if (same.isEmpty()) {
      waiting.remove(statement.key());
    }
    return matched(statement, partner);
  }

  private List<Difference> matched(Statement one, Statement other) {
    return matched(one.side() == Side.PLUGIN ? new Pair(one, other) : new Pair(other, one));
  }

  /** Takes out the nearest of the other side. */
  private static @Nullable Statement partner(
      Deque<Statement> same, Statement statement, long within) {
    Statement nearest =
        same.stream()
            .filter(one -> one.side() != statement.side() && apart(one, statement) <= within)
            .min(Comparator.comparingLong(one -> apart(one, statement)))
            .orElse(null);
    if (nearest != null) {
      same.remove(nearest);
    }
    return nearest;
  }

  private static long apart(Statement one, Statement other) {
    return Math.abs(one.messageTime() - other.messageTime());
  }

  private List<Difference> matched(Pair pair) {
    List<Difference> differences = new ArrayList<>();
    if (pair.plugin().kind().equals(EOR)) {
      ended.put(pair.plugin().key(), true);
    }
    if (!pair.plugin().kind().equals(Statement.LISTED) || pair.plugin().recordTime() > from) {
      messageTime.add(pair.relay().messageTime() - pair.plugin().messageTime());
      recordTime.add(clamped(pair.relay().recordTime() - pair.plugin().recordTime()));
    }
    String content = content(pair);
    if (!content.isEmpty()) {
      differences.add(found(Kind.CONTENT, pair.plugin(), content));
    }
    Pair before = lastPairs.put(pair.plugin().environment(), pair);
    if (before != null && isSwapped(before, pair)) {
      differences.add(
          found(
              Kind.ORDER,
              pair.plugin(),
              pair.plugin().messageTime() < before.plugin().messageTime()
                  ? "before " + before.plugin().kind() + " (relay: behind it)"
                  : "behind " + before.plugin().kind() + " (relay: before it)"));
    }
    if (differences.isEmpty()) {
      alike++;
    }
    return differences;
  }

  private long clamped(long ms) {
    return Math.max(-10 * patience, Math.min(10 * patience, ms));
  }

  private static boolean isSwapped(Pair one, Pair other) {
    return Long.signum(one.plugin().messageTime() - other.plugin().messageTime())
            * Long.signum(one.relay().messageTime() - other.relay().messageTime())
        < 0;
  }

  private static String content(Pair pair) {
    Statement plugin = pair.plugin();
    Statement relay = pair.relay();
    List<String> differing = new ArrayList<>();
    differ(differing, "state", plugin.state(), relay.state());
    differ(differing, "run type", plugin.runType(), relay.runType());
    differ(
        differing,
        "detectors",
        String.join(" ", plugin.detectors()),
        String.join(" ", relay.detectors()));
    return String.join("; ", differing);
  }

  private static void differ(List<String> into, String field, String plugin, String relay) {
    if (!plugin.equals(relay)) {
      into.add(field + ": " + shown(plugin) + " (relay: " + shown(relay) + ")");
    }
  }

  private static String shown(String text) {
    return text.isEmpty() ? "none" : text;
  }

  /**
   * Both sides are read up to a time.
   *
   * @return what the other side does not have
   */
  List<Difference> readUpTo(long time) {
    List<Difference> differences = new ArrayList<>();
    for (Iterator<Deque<Statement>> all = waiting.values().iterator(); all.hasNext(); ) {
      Deque<Statement> same = all.next();
      for (Statement old : same.stream().filter(one -> isOver(one, time)).toList()) {
        if (!same.remove(old)) {
          continue; // it was the partner of one before
        }
        waitingCount--;
        Statement partner = partner(same, old, patience);
        if (partner == null) {
          alone(old, differences);
        } else {
          waitingCount--;
          differences.addAll(matched(old, partner));
        }
      }
      if (same.isEmpty()) {
        all.remove();
      }
    }
    return differences;
  }

  private boolean isOver(Statement one, long time) {
    return Math.max(one.recordTime(), one.messageTime()) + patience < time;
  }

  private void alone(Statement alone, List<Difference> into) {
    if (alone.recordTime() - from <= patience || alone.messageTime() - from <= patience) {
      atTheEdge++;
    } else if (alone.side() == Side.RELAY) {
      into.add(
          found(
              alone.kind().equals(Topics.entered(State.STANDBY))
                  ? Kind.RELAY_ANNOUNCES
                  : Kind.ONLY_RELAY,
              alone,
              ""));
    } else {
      boolean again = alone.kind().equals(EOR) && ended.containsKey(alone.key());
      into.add(found(again ? Kind.PLUGIN_REPEATS : Kind.ONLY_PLUGIN, alone, ""));
    }
  }

  /** A record that is no message of its topic. */
  Difference broken(Side side, String topic, long recordTime, String why) {
    return found(
        Kind.BROKEN,
        new Statement(side, topic, "", "", "", "", List.of(), recordTime, recordTime),
        "of the " + side.text() + ", " + why);
  }

  private Difference found(Kind kind, Statement statement, String detail) {
    found.merge(kind, 1L, Long::sum);
    return new Difference(kind, statement, detail);
  }

  /**
   * What it has come to.
   *
   * @param alike statements that both sides make, alike
   * @param found how often they differ
   * @param open what was too near the beginning or the end to tell
   * @param messageTime by how much the times in the messages differ, relay − plugin
   * @param recordTime by how much later the relay has written them
   */
  record Result(
      long alike, Map<Kind, Long> found, long open, TimeShift messageTime, TimeShift recordTime) {
    Result {
      found = Map.copyOf(found);
    }

    /** Whether both sides say the same, and something at all. */
    boolean isAlike() {
      return alike > 0 && found.keySet().stream().noneMatch(Kind::counts);
    }
  }

  Result result() {
    return new Result(alike, found, atTheEdge + waitingCount, messageTime, recordTime);
  }
}
