package io.aliecs.relay.lab.verify.fault;

import io.aliecs.relay.lab.Await;
import io.aliecs.relay.lab.Samples;
import io.aliecs.relay.lab.verify.load.ScriptedLives;
import io.aliecs.relay.lab.verify.site.TestBed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Kafka away for long: what becomes of the relay meanwhile, which is killed in the middle and
 * started again, and how fast it delivers what it owes afterwards. For one thread.
 */
final class Outage {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration DRAIN_LIMIT = Duration.ofMinutes(30);
  private static final int LINES = 10;
  private static final long SAMPLE_MS = 100;
  private static final int TRACKING_EVERY = 20;

  /** What a load may leave waiting at any moment. */
  private static final double DRAINED = 100;

  private static final String WAIT = "relay_ingest_journal_wait_seconds";

  private final TestBed bed;
  private final Duration length;
  private final Consumer<String> progress;
  private final List<String> mishaps;
  private final Samples http = new Samples();
  private final Samples tracking = new Samples();
  private final Samples resident = new Samples();
  private final Samples heap = new Samples();

  /**
   * @param mishaps to which is added what goes wrong besides the messages
   */
  Outage(TestBed bed, Duration length, Consumer<String> progress, List<String> mishaps) {
    this.mishaps = mishaps;
    this.bed = bed;
    this.length = length;
    this.progress = progress;
  }

  /** Takes Kafka away and brings it back; returns when it was back, ms since epoch. */
  long run() throws IOException, InterruptedException {
    int changesBefore = bed.load().changes().size();
    bed.broker().process().kill();
    progress.accept("| away, s | backlog | its age, s | RSS, MiB | heap, MiB | HTTP p99, ms |");
    progress.accept("|---|---|---|---|---|---|");
    watch(length.dividedBy(2), Duration.ZERO);
    restartRelay();
    watch(length.dividedBy(2), length.dividedBy(2));
    int changes = bed.load().changes().size() - changesBefore;
    progress.accept(
        String.format(
            Locale.ROOT,
            "changes a second: %.0f; GET runs: %s; event to visible: %s",
            changes * 1_000.0 / length.toMillis(),
            latency(http),
            latency(tracking)));
    progress.accept(
        String.format(
            Locale.ROOT,
            "sender's wait since the restart: p50 <= %s ms, p99 <= %s ms; most memory: RSS %.0f"
                + " MiB, heap %.0f MiB",
            wait(0.5),
            wait(0.99),
            resident.quantile(1),
            heap.quantile(1)));
    bed.broker().process().restart();
    long since = System.currentTimeMillis();
    drain();
    return since;
  }

  private static String latency(Samples times) {
    return String.format(
        Locale.ROOT,
        "p50 %.1f ms, p99 %.1f ms, max %.1f ms, n %d",
        times.quantile(0.5),
        times.quantile(0.99),
        times.quantile(1),
        times.count());
  }

  private String wait(double quantile) {
    OptionalDouble seconds = bed.relay().quantile(WAIT, quantile);
    return seconds.isEmpty()
        ? "?"
        : String.format(Locale.ROOT, "%.0f", seconds.getAsDouble() * 1e3);
  }

  private void restartRelay() throws IOException, InterruptedException {
    OptionalDouble before = backlog();
    long began = System.nanoTime();
    bed.relay().kill();
    bed.relay().start();
    Await.need(
        START_LIMIT, "relay is ready again; see " + bed.relay().log(), () -> bed.relay().isReady());
    progress.accept(
        String.format(
            Locale.ROOT,
            "relay killed and started again in %.1f s; backlog %.0f before, %.0f after",
            (System.nanoTime() - began) / 1e9,
            before.orElse(Double.NaN),
            backlog().orElse(Double.NaN)));
    if (backlog().orElse(-1) < before.orElse(0)) {
      mishaps.add("the backlog is smaller after a restart: " + before + ", " + backlog());
    }
  }

  private OptionalDouble backlog() {
    return bed.relay().metric("relay_outbox_entries");
  }

  private void watch(Duration time, Duration before) throws InterruptedException {
    long began = System.nanoTime();
    long line = time.dividedBy(LINES / 2).toNanos();
    Samples httpOfLine = new Samples();
    long shown = began;
    for (int sample = 0; System.nanoTime() - began < time.toNanos(); sample++) {
      OptionalDouble took = bed.relay().runsLatency();
      if (took.isPresent()) {
        http.add(took.getAsDouble());
        httpOfLine.add(took.getAsDouble());
      } else {
        mishaps.add("GET runs was not answered during the outage");
      }
      if (sample % TRACKING_EVERY == 0) {
        track();
      }
      if (System.nanoTime() - shown >= line) {
        shown = System.nanoTime();
        show(before.plusNanos(shown - began), httpOfLine);
        httpOfLine = new Samples();
      }
      TimeUnit.MILLISECONDS.sleep(SAMPLE_MS);
    }
  }

  /** From the writing of an event to its being visible over HTTP. */
  private void track() throws InterruptedException {
    long began = System.nanoTime();
    ScriptedLives.Step marker = bed.load().marker();
    if (Await.until(START_LIMIT, () -> bed.relay().knows(marker.environmentId()))) {
      tracking.add(began, System.nanoTime());
    } else {
      mishaps.add(marker.environmentId() + " was not tracked within " + START_LIMIT);
    }
  }

  private void show(Duration away, Samples httpOfLine) {
    bed.relay().residentMemory().ifPresent(resident::add);
    bed.relay()
        .metricSum("jvm_memory_used_bytes{area=\"heap\"")
        .ifPresent(bytes -> heap.add(bytes / 1_048_576));
    progress.accept(
        String.format(
            Locale.ROOT,
            "| %d | %.0f | %.0f | %.0f | %.0f | %.1f |",
            away.toSeconds(),
            backlog().orElse(Double.NaN),
            bed.relay().metric("relay_outbox_oldest_age_seconds").orElse(Double.NaN),
            resident.last(),
            heap.last(),
            httpOfLine.quantile(0.99)));
  }

  private void drain() throws InterruptedException {
    long began = System.nanoTime();
    int read = bed.committedCount();
    double owed = backlog().orElse(Double.NaN);
    Await.need(DRAIN_LIMIT, "first message", () -> bed.committedCount() > read);
    double first = (System.nanoTime() - began) / 1e9;
    long drainBegan = System.nanoTime();
    Await.need(DRAIN_LIMIT, "drained", () -> backlog().orElse(Double.NaN) < DRAINED);
    double seconds = (System.nanoTime() - drainBegan) / 1e9;
    bed.relay().residentMemory().ifPresent(resident::add);
    progress.accept(
        String.format(
            Locale.ROOT,
            "first message %.2f s after Kafka was back; %.0f entries drained in %.1f s: %.0f/s;"
                + " most RSS %.0f MiB",
            first,
            owed,
            seconds,
            owed / seconds,
            resident.quantile(1)));
  }
}
