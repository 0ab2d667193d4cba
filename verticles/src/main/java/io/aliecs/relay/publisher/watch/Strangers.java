package io.aliecs.relay.publisher.watch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who else has written lately where this relay publishes: said in the log when it is new, counted,
 * and kept for people for some minutes. For one thread.
 */
public final class Strangers {
  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

  /** How long it stays to be seen that somebody has written. */
  public static final Duration SHOWN = Duration.ofMinutes(5);

  private final String transactionalId;
  private final LongSupplier nanoTime;
  private final Counter foreign;
  private final Counter relays;
  private final Counter sameId;
  private final Map<Who, Writer> writers = new LinkedHashMap<>();

  /** What distinguishes one from another. */
  private record Who(String journalId, boolean sameId) {}

  /** Somebody, with the topics on which that was seen, and when last. */
  private static final class Writer {
    private final Set<String> topics = new TreeSet<>();
    private long seen;
  }

  /**
   * Nobody was seen yet.
   *
   * @param nanoTime a clock that only goes forward, ns
   */
  public Strangers(String transactionalId, MeterRegistry meters, LongSupplier nanoTime) {
    this.transactionalId = transactionalId;
    this.nanoTime = nanoTime;
    this.foreign = counter(meters, "other");
    this.relays = counter(meters, "relay");
    this.sameId = counter(meters, "transactional-id");
  }

  private static Counter counter(MeterRegistry meters, String kind) {
    return Counter.builder("relay.publisher.strangers")
        .description("Looks at the topics that found records of somebody else")
        .tag("kind", kind)
        .register(meters);
  }

  /**
   * Somebody was seen.
   *
   * @param journalId of this relay
   */
  public void see(Stranger stranger, String journalId) {
    (stranger.hasSameId() ? sameId : stranger.isRelay() ? relays : foreign).increment();
    Writer writer = new Writer();
    Who who = new Who(stranger.journalId(), stranger.hasSameId());
    Writer known = writers.putIfAbsent(who, writer);
    Writer one = known == null ? writer : known;
    one.seen = nanoTime.getAsLong();
    if (one.topics.add(stranger.topic()) && known == null) {
      LOG.warn("{}", text(who, one, journalId));
    }
  }

  /**
   * Everybody who was seen lately, for people: what that means, and what to do.
   *
   * @param journalId of this relay
   */
  public List<String> troubles(String journalId) {
    long now = nanoTime.getAsLong();
    writers.values().removeIf(writer -> now - writer.seen >= SHOWN.toNanos());
    return writers.entrySet().stream()
        .map(writer -> text(writer.getKey(), writer.getValue(), journalId))
        .toList();
  }

  private String text(Who other, Writer writer, String journalId) {
    if (other.journalId().isEmpty()) {
      return "somebody else writes to "
          + String.join(", ", writer.topics)
          + " (expected: this relay alone; is AliECS's own plugin still on?): readers get both;"
          + " turn that off, see \"AliECS's own plugin\" in docs/operating.md";
    }
    return "another relay, journal "
        + other.journalId()
        + ", publishes "
        + (other.sameId()
            ? "with kafka.transactional-id " + transactionalId
            : "to " + String.join(", ", writer.topics))
        + " while this one, journal "
        + journalId
        + ", leads (expected: one relay): readers get both; stop one"
        + (other.sameId() ? ", or give each its own id and its own Kafka" : "");
  }
}
