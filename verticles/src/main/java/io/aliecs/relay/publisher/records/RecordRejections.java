package io.aliecs.relay.publisher.records;

import io.aliecs.relay.domain.command.Command.Refusal;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What Kafka refuses for good, as far as a session has learnt it: topics that take nothing, and how
 * large a record of a topic was that was too large. What is as large will be refused as well; it is
 * parked without being tried, or each would cost an aborted transaction. Not thread safe.
 *
 * <p>Readers of uncommitted records see twice what was sent before a record that is refused. So one
 * that is over the limit its topic had when the session began is not tried either, if it is still
 * over the limit: somebody may have raised it.
 */
public final class RecordRejections {
  private static final Duration TRY_AGAIN = Duration.ofMinutes(1);

  private final Map<String, String> blockedTopics;

  /** What topics took when they were last asked about, bytes; what is larger is doubtful. */
  private final Map<String, Integer> hints;

  private final Limits limits;
  private final Map<String, TooLarge> tooLarge = new HashMap<>();

  /** Topics whose parked messages this session has tried. */
  private final Set<String> tried = new HashSet<>();

  /** Where brokers report no limit, it is found out by trying, which costs a transaction. */
  private final Deadline tryAgain = new Deadline(System::nanoTime, TRY_AGAIN);

  private record TooLarge(int size, String reason) {}

  /** Knows how large the records of topics may be. */
  public interface Limits {
    /** Knows nothing. */
    Limits UNKNOWN = topics -> Map.of();

    /**
     * The limits as they are now. May block.
     *
     * @return bytes of a batch as it is sent, by topic; without topics whose limit is not certain
     */
    Map<String, Integer> of(Set<String> topics) throws InterruptedException;
  }

  /**
   * What is known when a session begins.
   *
   * @param blockedTopics topics that take nothing, each with the reason
   * @param hints the limits of topics as far as they are known, bytes of a batch as it is sent
   * @param limits asked before a record is refused for such a limit
   */
  public RecordRejections(
      Map<String, String> blockedTopics, Map<String, Integer> hints, Limits limits) {
    this.blockedTopics = Map.copyOf(blockedTopics);
    this.hints = new HashMap<>(hints);
    this.limits = limits;
  }

  /** Topics that take nothing, each with the reason. */
  public Map<String, String> blockedTopics() {
    return blockedTopics;
  }

  /** Kafka has just refused a record as too large. */
  public void tooLarge(RecordBatch.Item item, String why) {
    learn(item, why);
    hints.put(item.topic(), 0); // lower than was known: the next of this topic, ask
  }

  private void learn(RecordBatch.Item item, String why) {
    TooLarge known = tooLarge.get(item.topic());
    if (known == null || item.size() < known.size()) {
      String reason = "topic " + item.record().topic() + ", " + item.size() + " bytes: " + why;
      tooLarge.put(item.topic(), new TooLarge(item.size(), reason));
    }
  }

  /**
   * What was too large for a topic may fit now: it is tried again, unless the topic's limit turns
   * out to be as it was.
   */
  public void forgetTooLarge(Set<String> topics) {
    tooLarge.keySet().removeAll(topics);
  }

  /**
   * Which of the topics with messages that were too large may take them now: each once in a
   * session, and whenever its limit has been raised over what was refused. Blocks.
   */
  public Set<String> recovered(Set<String> topics) throws InterruptedException {
    Map<String, Integer> now = limits.of(topics);
    boolean again = tryAgain.isOverOrNotBegun();
    Set<String> recovered = new HashSet<>();
    for (String topic : topics) {
      TooLarge known = tooLarge.get(topic);
      Integer limit = now.get(topic);
      boolean untried = tried.add(topic);
      boolean mayFit = known == null ? untried : limit == null ? again : known.size() <= limit;
      if (mayFit) {
        recovered.add(topic);
      }
    }
    if (again && !now.keySet().containsAll(topics)) {
      tryAgain.begin();
    }
    hints.keySet().removeAll(topics);
    hints.putAll(now);
    forgetTooLarge(recovered);
    return recovered;
  }

  /** The records of a batch that need not be tried. Blocks if limits must be asked for. */
  public List<Refusal> of(RecordBatch batch) throws InterruptedException {
    List<RecordBatch.Item> doubtful =
        batch.records().stream().filter(item -> isOver(item) && of(item).isEmpty()).toList();
    if (!doubtful.isEmpty()) {
      settle(doubtful);
    }
    return blockedTopics.isEmpty() && tooLarge.isEmpty()
        ? List.of()
        : batch.records().stream().flatMap(item -> of(item).stream()).toList();
  }

  private void settle(List<RecordBatch.Item> doubtful) throws InterruptedException {
    Set<String> topics =
        doubtful.stream().map(RecordBatch.Item::topic).collect(Collectors.toUnmodifiableSet());
    Map<String, Integer> now = limits.of(topics);
    hints
        .keySet()
        .removeAll(topics); // a limit that is not reported is not asked for with each record
    hints.putAll(now);
    doubtful.stream()
        .filter(this::isOver)
        .forEach(item -> learn(item, "its max.message.bytes is " + now.get(item.topic())));
  }

  private boolean isOver(RecordBatch.Item item) {
    Integer limit = hints.get(item.topic());
    return limit != null && item.sizeAtMost() > limit && item.size() > limit;
  }

  private Optional<Refusal> of(RecordBatch.Item item) {
    String blocked = blockedTopics.get(item.topic());
    if (blocked != null) {
      return Optional.of(new Refusal(item.sequence(), item.topic(), blocked, true));
    }
    TooLarge known = tooLarge.get(item.topic());
    return known == null || item.size() < known.size()
        ? Optional.empty()
        : Optional.of(new Refusal(item.sequence(), item.topic(), known.reason(), false));
  }
}
