package io.aliecs.relay.ingest.stream;

import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.ingest.mapping.CreationVariables;
import io.aliecs.relay.ingest.mapping.SkipReason;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** What the ingest counts. Thread safe. */
public final class IngestMetrics {
  private static final String PREFIX = "relay.ingest.";

  private final MeterRegistry meters;
  private final Timer wait;
  private final Map<Problem, AtomicInteger> problems = new EnumMap<>(Problem.class);
  private volatile double lag = Double.NaN;

  /** Why AliECS's stream is not read as it should be. */
  public enum Problem {
    /** The topic of the environments is missing, or does not hold what was read. */
    TOPIC,
    /** There is more to read, and it does not come. */
    STANDS,
    /** Unreadable records were skipped lately. */
    UNREADABLE,
    /** Nobody seems to write it. */
    SILENT
  }

  public IngestMetrics(MeterRegistry meters) {
    this.meters = meters;
    Gauge.builder(PREFIX + "lag", this, metrics -> metrics.lag)
        .description("Records of AliECS's stream that are not read yet; NaN when that is not known")
        .register(meters);
    for (Problem problem : Problem.values()) {
      AtomicInteger is = new AtomicInteger();
      problems.put(problem, is);
      Gauge.builder(PREFIX + "problems", is, AtomicInteger::get)
          .tag("kind", problem.name().toLowerCase(Locale.ROOT))
          .description("1 while AliECS's stream is not read as it should be, for that reason")
          .register(meters);
    }
    wait =
        Timer.builder(PREFIX + "journal.wait")
            .description("Time from sending events to the journal to its reply")
            .serviceLevelObjectives(
                Stream.of(1, 2, 3, 5, 7, 10, 20, 50, 100, 200, 500, 1_000, 5_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new))
            .register(meters);
    beginAtZero();
  }

  /** An alert sees a counter rise only when it was there before. */
  private void beginAtZero() {
    for (String topic : StreamConsumer.TOPICS) {
      for (String name : List.of("records", "malformed", "recreated", "lost", "unreadable")) {
        meters.counter(PREFIX + name, "topic", topic);
      }
    }
    meters.counter(PREFIX + "events");
    for (SkipReason reason : SkipReason.values()) {
      meters.counter(PREFIX + "skipped", "reason", reason.tag());
    }
    for (String field : CreationVariables.CHECKED) {
      meters.counter(PREFIX + "flaws", "field", field);
    }
    for (Verdict verdict : Verdict.values()) {
      if (!verdict.isAccepted()) {
        meters.counter(PREFIX + "refused", "verdict", tag(verdict));
      }
    }
    for (String what : List.of("kafka", "journal", "stuck")) {
      meters.counter(PREFIX + "retries", "of", what);
    }
  }

  private static String tag(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  public void record(String topic) {
    meters.counter(PREFIX + "records", "topic", topic).increment();
  }

  /** Events that the journal has taken. */
  public void events(int count) {
    meters.counter(PREFIX + "events").increment(count);
  }

  public void skipped(SkipReason reason) {
    meters.counter(PREFIX + "skipped", "reason", reason.tag()).increment();
  }

  public void malformed(String topic) {
    meters.counter(PREFIX + "malformed", "topic", topic).increment();
  }

  /** How long a batch waited for the journal's reply. */
  public void waited(Duration time) {
    wait.record(time);
  }

  /** A part of an event was left out. */
  public void warning(String field) {
    meters.counter(PREFIX + "flaws", "field", field).increment();
  }

  public void refused(Verdict verdict) {
    meters.counter(PREFIX + "refused", "verdict", tag(verdict)).increment();
  }

  /** A topic is not the one that it was. */
  public void recreated(String topic) {
    meters.counter(PREFIX + "recreated", "topic", topic).increment();
  }

  /** Records that Kafka has deleted before they were read. */
  public void lost(String topic, long records) {
    meters.counter(PREFIX + "lost", "topic", topic).increment((double) records);
  }

  /** Something failed and is tried again: {@code kafka}, {@code journal}, or {@code stuck}. */
  public void retry(String what) {
    meters.counter(PREFIX + "retries", "of", what).increment();
  }

  /** An unreadable record was skipped. */
  void unreadable(String topic) {
    meters.counter(PREFIX + "unreadable", "topic", topic).increment();
  }

  public void lag(long records) {
    lag = records;
  }

  /** Nobody knows how much there is to read, nor what is wrong with it. */
  public void unknown() {
    lag = Double.NaN;
    problems.values().forEach(is -> is.set(0));
  }

  public void problem(Problem problem, boolean is) {
    AtomicInteger known = problems.get(problem);
    if (known != null) {
      known.set(is ? 1 : 0);
    }
  }
}
