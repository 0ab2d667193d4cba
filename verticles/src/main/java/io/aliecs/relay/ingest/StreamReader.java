package io.aliecs.relay.ingest;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.ingest.session.JournalException;
import io.aliecs.relay.ingest.session.ReaderStatus;
import io.aliecs.relay.ingest.session.SessionContext;
import io.aliecs.relay.ingest.session.SessionOpener;
import io.aliecs.relay.ingest.session.StreamHealth;
import io.aliecs.relay.ingest.session.StreamSession;
import io.aliecs.relay.ingest.stream.IngestMetrics;
import io.aliecs.relay.ingest.stream.IngestOptions;
import io.aliecs.relay.ingest.stream.ReaderTiming;
import io.aliecs.relay.ingest.stream.StreamConsumer;
import io.aliecs.relay.ingest.stream.StreamSilence;
import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.retry.Backoff;
import io.aliecs.relay.retry.RateLimitedLog;
import io.aliecs.relay.text.Printable;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads AliECS's stream from one Kafka, on a thread of its own, until it is stopped: begins where
 * the journal says, and begins again, after a growing while, whenever Kafka or the journal fails.
 */
final class StreamReader {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);
  private static final String NEXT =
      "what comes waits in the stream, and it is tried again all the time";
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(5);

  /** A refusal to read comes a moment after the first request to. */
  private static final long PROVEN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final String servers;
  private final Supplier<StreamConsumer> connect;
  private final SessionContext context;
  private final SessionOpener sessions;
  private final IngestMetrics metrics;
  private final ReaderStatus status;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicReference<@Nullable StreamConsumer> open = new AtomicReference<>();

  /** Whether it is to stop once it has read what is there. */
  private volatile boolean leaving;

  /** Whether Kafka could not be read when it was tried last. */
  private volatile boolean failing;

  /** When the reader last went on, on the clock of {@link System#nanoTime}. */
  private volatile long wentOn = System.nanoTime();

  private final ClientFailure failure;
  private final Thread thread;

  StreamReader(
      String servers,
      IngestOptions options,
      ReaderTiming timing,
      Supplier<StreamConsumer> connect,
      JournalClient journal,
      IngestMetrics metrics,
      ReaderStatus status,
      StreamSilence silence,
      Runnable reconcile) {
    this.servers = servers;
    this.failure = new ClientFailure(options.clientProperties(), "");
    this.connect = connect;
    this.metrics = metrics;
    this.status = status;
    this.context =
        new SessionContext(
            options,
            timing,
            journal,
            metrics,
            status,
            new StreamHealth(servers, metrics, silence),
            backoff(),
            new RateLimitedLog(LOG, System::nanoTime),
            reconcile);
    this.sessions = new SessionOpener(context, this::pause);
    silence.received();
    thread = new Thread(this::run, "relay-ingest");
    thread.setDaemon(true);
    thread.setUncaughtExceptionHandler(
        (died, failure) -> {
          LOG.error("the reader of AliECS's event stream died", failure);
          status.failing(
              "the reader died: "
                  + Printable.text(failure.toString())
                  + "; nothing more is read here (expected: never; restart this host, and report"
                  + " what its log says)");
        });
  }

  String servers() {
    return servers;
  }

  /** Starts the thread; once. */
  void start() {
    thread.start();
  }

  /** Asks it to stop; the result completes when it has. Does not block. Any thread. */
  CompletableFuture<Void> stop() {
    stopping.countDown();
    StreamConsumer consumer = open.get();
    if (consumer != null) {
      consumer.wakeup();
    }
    return ended;
  }

  /**
   * Has it read what is there and stop, or stop at once when Kafka fails: the stream goes on
   * elsewhere. Does not block. Any thread.
   */
  CompletableFuture<Void> finish() {
    leaving = true;
    return failing ? stop() : ended;
  }

  /**
   * Makes a reader that is stuck connect anew. Kafka's clients wait by the clock on the wall: when
   * that steps back by an hour, a wait takes an hour more. Any thread.
   */
  void watch() {
    StreamConsumer consumer = open.get();
    Duration limit = context.timing().stuck();
    if (consumer != null && System.nanoTime() - wentOn > limit.toNanos()) {
      metrics.retry("stuck");
      LOG.warn(
          "AliECS's event stream: no answer of Kafka's client for {} s (expected: at once; has the"
              + " clock stepped back?); connects anew",
          limit.toSeconds());
      wentOn();
      consumer.wakeup();
    }
  }

  private void wentOn() {
    wentOn = System.nanoTime();
  }

  /** Leaves a thread behind that did not stop in time. */
  void abandon() {
    thread.interrupt();
  }

  private void run() {
    Backoff backoff = backoff();
    try {
      while (!isStopping()) {
        status.connecting(servers);
        wentOn();
        try (StreamConsumer consumer = connect.get()) {
          open.set(consumer);
          readFrom(consumer, backoff);
        } catch (WakeupException woken) {
          LOG.debug("woken up to stop, or to connect anew");
        } catch (RuntimeException | LinkageError failed) {
          failing = true;
          String reason = Printable.text(reason(failed));
          if (leaving) {
            LOG.warn(
                "{} does not answer ({}): what was left there is not read; AliECS's core is asked",
                servers,
                reason);
            context.reconcile().run();
            return;
          }
          metrics.retry("kafka");
          metrics.unknown();
          status.failing(reason + "; " + NEXT);
          pause(backoff.nextMillis());
        } finally {
          open.set(null);
        }
      }
    } finally {
      ended.complete(null);
    }
  }

  private String reason(Throwable failed) {
    return failed instanceof TimeoutException
        ? servers
            + ": no answer in time (expected: a Kafka broker, with advertised.listeners that this"
            + " host reaches)"
        : failure.reason(failed);
  }

  private static Backoff backoff() {
    return new Backoff(FIRST_RETRY, LONGEST_RETRY, RandomGenerator.getDefault());
  }

  /** Reads with one consumer until Kafka fails, one session after the other. */
  private void readFrom(StreamConsumer consumer, Backoff backoff) {
    while (!isStopping()) {
      StreamSession session = null;
      wentOn();
      try {
        session = sessions.open(consumer);
        long opened = System.nanoTime();
        while (!isStopping() && session.round()) {
          wentOn();
          failing = false;
          if (leaving && session.hasReadTheRest()) {
            LOG.info("everything of AliECS's event stream on {} is read", servers);
            stopping.countDown();
          }
          if (System.nanoTime() - opened > PROVEN_NANOS) {
            backoff.reset();
          }
        }
      } catch (JournalException failed) {
        metrics.retry("journal");
        status.failing(
            "cannot pass events on: "
                + Printable.text(String.valueOf(failed.getMessage()))
                + "; "
                + NEXT);
        pause(context.journalBackoff().nextMillis());
      } finally {
        if (session != null) {
          session.drain();
        }
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Returns true at once when it is to stop. */
  private boolean pause(long millis) {
    try {
      return stopping.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException abandoned) {
      stopping.countDown();
      return true;
    }
  }
}
