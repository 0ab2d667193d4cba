package io.aliecs.relay.ingest;

import io.aliecs.relay.domain.Verdict;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/** What the ingest counts. Thread safe. */
final class IngestMetrics {
  private static final String PREFIX = "relay.ingest.";

  private final MeterRegistry meters;
  private final Timer wait;
  private final AtomicLong lag = new AtomicLong();

  IngestMetrics(MeterRegistry meters) {
    this.meters = meters;
    Gauge.builder(PREFIX + "lag", lag, AtomicLong::get)
        .description("Records of AliECS's stream that are not read yet")
        .register(meters);
    wait =
        Timer.builder(PREFIX + "journal.wait")
            .description("Time from sending events to the journal to its reply")
            .serviceLevelObjectives(
                Stream.of(1, 2, 3, 5, 7, 10, 20, 50, 100, 200, 500, 1_000, 5_000)
                    .map(Duration::ofMillis)
                    .toArray(Duration[]::new))
            .register(meters);
    // An alert sees a counter rise only when it was there before.
    for (String topic : StreamConsumer.TOPICS) {
      meters.counter(PREFIX + "malformed", "topic", topic);
      meters.counter(PREFIX + "recreated", "topic", topic);
      meters.counter(PREFIX + "lost", "topic", topic);
    }
  }

  void record(String topic) {
    meters.counter(PREFIX + "records", "topic", topic).increment();
  }

  /** Events that the journal has taken. */
  void events(int count) {
    meters.counter(PREFIX + "events").increment(count);
  }

  void skipped(SkipReason reason) {
    meters.counter(PREFIX + "skipped", "reason", reason.tag()).increment();
  }

  void malformed(String topic) {
    meters.counter(PREFIX + "malformed", "topic", topic).increment();
  }

  /** How long a batch waited for the journal's reply. */
  void waited(Duration time) {
    wait.record(time);
  }

  /** A part of an event was left out. */
  void flaw(String field) {
    meters.counter(PREFIX + "flaws", "field", field).increment();
  }

  void refused(Verdict verdict) {
    meters
        .counter(PREFIX + "refused", "verdict", verdict.name().toLowerCase(Locale.ROOT))
        .increment();
  }

  /** A topic is not the one that it was. */
  void recreated(String topic) {
    meters.counter(PREFIX + "recreated", "topic", topic).increment();
  }

  /** Records that Kafka has deleted before they were read. */
  void lost(String topic, long records) {
    meters.counter(PREFIX + "lost", "topic", topic).increment((double) records);
  }

  /** Something failed and is tried again: {@code kafka}, {@code journal}, or {@code stuck}. */
  void retry(String what) {
    meters.counter(PREFIX + "retries", "of", what).increment();
  }

  void lag(long records) {
    lag.set(records);
  }
}
