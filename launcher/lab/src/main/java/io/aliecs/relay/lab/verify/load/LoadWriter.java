package io.aliecs.relay.lab.verify.load;

import io.aliecs.relay.lab.simulate.AliEcsTopics;
import io.aliecs.relay.lab.simulate.SimulatedCore;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.plan.VerifyOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes scripted lives to AliECS's topics at a rate, on a thread of its own, and remembers what
 * was written. Never gives a record up: it waits for Kafka however long it is away. Thread-safe.
 */
public final class LoadWriter implements AutoCloseable {
  private static final Duration SETUP = Duration.ofSeconds(60);
  private static final int PATIENCE_MS = 600_000;

  private final KafkaProducer<byte[], byte[]> producer;
  private final ScriptedLives lives;
  private final double rate;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private final Thread thread = new Thread(this::run, "verify-load");
  private final List<ExpectedChange> changes = new ArrayList<>();
  private UnaryOperator<List<SimulatedEvent>> stream = UnaryOperator.identity();
  private boolean paused;
  private long lastOrder;

  private LoadWriter(KafkaProducer<byte[], byte[]> producer, ScriptedLives lives, double rate) {
    this.producer = producer;
    this.lives = lives;
    this.rate = rate;
  }

  /**
   * Makes AliECS's topics and starts to write; with a fault that asks the core not before {@link
   * #resume}.
   *
   * @param core has each environment before the stream does
   */
  public static LoadWriter start(String bootstrapServers, VerifyOptions options, SimulatedCore core)
      throws ExecutionException, InterruptedException, TimeoutException {
    createTopics(bootstrapServers);
    Map<String, Object> config =
        Map.of(
            "bootstrap.servers",
            bootstrapServers,
            "acks",
            "all",
            "enable.idempotence",
            true,
            "linger.ms",
            0,
            "request.timeout.ms",
            5_000,
            "delivery.timeout.ms",
            PATIENCE_MS,
            "max.block.ms",
            PATIENCE_MS,
            "reconnect.backoff.max.ms",
            500);
    LoadWriter writer =
        new LoadWriter(
            new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
            new ScriptedLives(options.seed(), options.environments(), ascendingClock(), core),
            options.rate());
    writer.paused = options.fault().asksCore();
    writer.thread.setDaemon(true);
    writer.thread.start();
    return writer;
  }

  private static void createTopics(String bootstrapServers)
      throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      // One partition: only then is there one order over all environments to compare with.
      List<NewTopic> topics =
          SimulatedEvent.SOURCE_TOPICS.stream()
              .map(topic -> new NewTopic(topic, 1, (short) 1))
              .toList();
      AliEcsTopics.create(admin, topics, SETUP);
    }
  }

  /** Never the same instant twice: the relay distinguishes events by it. */
  private static Supplier<Instant> ascendingClock() {
    AtomicLong last = new AtomicLong();
    return () -> {
      Instant now = Instant.now();
      long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
      long next = last.updateAndGet(before -> Math.max(before + 1, micros));
      return Instant.ofEpochSecond(next / 1_000_000, next % 1_000_000 * 1_000);
    };
  }

  private void run() {
    long start = System.nanoTime();
    long steps = 0;
    try {
      while (true) {
        long due = start + (long) (steps++ * TimeUnit.SECONDS.toNanos(1) / rate);
        if (stopping.await(due - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          return;
        }
        synchronized (this) {
          if (!paused) {
            ScriptedLives.Step step = lives.next();
            write(step, stream.apply(step.events()));
          }
        }
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException failed) {
      failure.compareAndSet(null, failed);
    }
  }

  private void write(ScriptedLives.Step step) {
    write(step, step.events());
  }

  private void write(ScriptedLives.Step step, List<SimulatedEvent> events) {
    changes.addAll(step.changes());
    lastOrder = step.lastOrder();
    for (SimulatedEvent event : events) {
      var unused =
          producer.send(
              new ProducerRecord<>(event.topic(), event.keyBytes(), event.event().toByteArray()),
              (metadata, error) -> {
                if (error != null) {
                  failure.compareAndSet(null, error);
                }
              });
    }
  }

  /** Writes a new environment that nothing else happens to. */
  public synchronized ScriptedLives.Step marker() {
    ScriptedLives.Step step = lives.marker();
    write(step);
    return step;
  }

  /** The core dies in the middle of a step: nothing is written any more until one starts. */
  public synchronized void crash() {
    paused = true;
    write(lives.crash());
  }

  /** A core starts; returns when, ms since epoch. */
  public synchronized long startCore() {
    ScriptedLives.Step start = lives.startCore();
    write(start);
    return start.events().get(0).event().getTimestamp();
  }

  /**
   * From now on this comes of the events of each step.
   *
   * @param next those that are written, of those that AliECS writes; called on the thread of the
   *     load
   */
  public synchronized void through(UnaryOperator<List<SimulatedEvent>> next) {
    stream = next;
  }

  /** Nothing happens until {@link #resume}. */
  public synchronized void pause() {
    paused = true;
  }

  /** Goes on from where it was. */
  public synchronized void resume() {
    paused = false;
  }

  /** Order of the last event written. */
  public synchronized long lastOrder() {
    return lastOrder;
  }

  /** The environment of the change that was so many before the last; empty where there is none. */
  public synchronized String environment(int before) {
    int index = changes.size() - 1 - before;
    return index < 0 ? "" : changes.get(index).environmentId();
  }

  /** Everything written so far. */
  public synchronized List<ExpectedChange> changes() {
    return List.copyOf(changes);
  }

  /**
   * Stops writing and waits until Kafka has everything.
   *
   * @throws IllegalStateException when it has not: then there is nothing to compare with
   */
  public void finish() throws InterruptedException {
    stopping.countDown();
    thread.join();
    producer.flush();
    Exception failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException(
          "the load was not written: " + failed.getMessage() + " (expected: all of it)", failed);
    }
  }

  @Override
  public void close() {
    stopping.countDown();
    producer.close(Duration.ofSeconds(1));
  }
}
