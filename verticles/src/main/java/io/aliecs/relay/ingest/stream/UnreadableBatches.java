package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.kafka.ExplainedException;
import io.aliecs.relay.text.Causes;
import io.aliecs.relay.text.Printable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Batches that cannot be read, with a wrong checksum or cut off. Each is tried a few times with
 * connections of their own, then passed over, record by record, so that nothing behind it is lost.
 * A batch whose codec cannot be loaded here is never passed over: it is good. Not thread safe.
 */
public final class UnreadableBatches {
  static final int TRIES = 3;
  private static final long SHOWN_NANOS = TimeUnit.MINUTES.toNanos(10);
  private static final List<String> CODECS = List.of("zstd", "snappy", "lz4");
  private static final Comparator<SourcePartition> BY_NAME =
      Comparator.comparing(SourcePartition::topic).thenComparing(SourcePartition::partition);

  private final IngestMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<SourcePartition, Tried> tried = new HashMap<>();

  /** By name. */
  private final Map<SourcePartition, Passed> passed = new TreeMap<>(BY_NAME);

  /** How often the record at an offset could not be read. */
  private record Tried(long offset, int times) {}

  /** Records of one partition that were passed over last, one after the other. */
  private record Passed(long first, long last, String cause, long at) {
    /** Whether that is one of them, read again from before, or the next one. */
    boolean goesOnAt(long offset) {
      return first <= offset && offset <= last + 1;
    }
  }

  public UnreadableBatches(IngestMetrics metrics, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /** The partition that a failed poll is about; null when it is about none of these. */
  public static @Nullable SourcePartition partition(Throwable failure, Set<SourcePartition> read) {
    for (Throwable cause : Causes.of(failure)) {
      String message = " " + cause.getMessage() + " ";
      for (SourcePartition partition : read) {
        String name = partition.toString().replace(".", "\\.");
        if (message.matches("(?s).*[ '\"]" + name + "[^\\d].*")) {
          return partition;
        }
      }
    }
    return null;
  }

  /**
   * A poll has failed at that place.
   *
   * @return whether to pass the record over
   * @throws ExplainedException when it is to be tried again
   */
  public boolean isPassed(SourcePosition at, KafkaException failure) {
    String codec = codec(failure);
    if (!codec.isEmpty()) {
      throw new ExplainedException(codec(at, codec, failure), failure);
    }
    String cause = Printable.text(root(failure));
    long offset = at.offset();
    Passed before = passed.get(at.partition());
    if (before != null && before.goesOnAt(offset)) {
      long last = Math.max(before.last(), offset);
      pass(at.partition(), new Passed(before.first(), last, before.cause(), now()), before.last());
      return true;
    }
    Tried last = tried.get(at.partition());
    int times = last != null && last.offset() == offset ? last.times() + 1 : 1;
    tried.put(at.partition(), new Tried(offset, times));
    if (times < TRIES) {
      throw new ExplainedException(at + " cannot be read: " + cause, failure);
    }
    pass(at.partition(), new Passed(offset, offset, cause, now()), offset - 1);
    return true;
  }

  /** Passes one over; counts it, unless it was passed over before. */
  private void pass(SourcePartition partition, Passed next, long lastBefore) {
    passed.put(partition, next);
    if (next.last() > lastBefore) {
      metrics.unreadable(partition.topic());
    }
  }

  /** What was passed over lately, the last of each partition, for people; empty: nothing was. */
  public String problem() {
    return passed.entrySet().stream()
        .filter(last -> now() - last.getValue().at() <= SHOWN_NANOS)
        .map(last -> problem(last.getKey(), last.getValue()))
        .collect(Collectors.joining("; "));
  }

  private static String problem(SourcePartition partition, Passed last) {
    return partition
        + ": offsets "
        + last.first()
        + " to "
        + last.last()
        + " cannot be read and were passed over: "
        + last.cause()
        + " (environments seen since may be incomplete: compare with AliECS)";
  }

  private long now() {
    return nanoTime.getAsLong();
  }

  private static String codec(SourcePosition at, String codec, Throwable failure) {
    return at
        + " is packed with "
        + codec
        + ", which cannot be loaded: "
        + Printable.text(root(failure))
        + " (expected: java.io.tmpdir, which is "
        + System.getProperty("java.io.tmpdir")
        + ", is not mounted noexec and has room; set another in RELAY_JAVA_OPTS, restart)";
  }

  /** The codec that Java could not load; empty when that is not what failed. */
  private static String codec(Throwable failure) {
    List<Throwable> chain = Causes.of(failure);
    if (chain.stream().noneMatch(Error.class::isInstance)) {
      return "";
    }
    String all = chain.toString().toLowerCase(Locale.ROOT);
    return CODECS.stream().filter(all::contains).findFirst().orElse("a codec");
  }

  private static String root(Throwable failure) {
    Throwable root = Causes.root(failure);
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
