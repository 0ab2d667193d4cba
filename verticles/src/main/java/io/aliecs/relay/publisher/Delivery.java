package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Command.Refusal;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.OutboxMessage;
import io.aliecs.relay.domain.message.OutboxMessage.Notification;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.publisher.records.RecordBatch;
import io.aliecs.relay.publisher.session.SessionWorker;
import io.aliecs.relay.retry.RateLimitedLog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is pending, one transaction at a time, parks what Kafka refuses for good, and reports
 * to the journal what Kafka has.
 */
final class Delivery {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

  private static final long TELL_AGAIN_MS = 1_000;
  private static final int RESENT_AT_ONCE = 1_000;

  private final Vertx vertx;
  private final SessionWorker worker;
  private final JournalClient journal;
  private final MeterRegistry meters;
  private final Clock clock;
  private final RateLimitedLog log = new RateLimitedLog(LOG, System::nanoTime);

  /** Sequence of the last entry that Kafka is known to have. */
  private long delivered;

  /**
   * What came of it.
   *
   * @param further how far publishing has come
   * @param sent whether the entries are in Kafka; otherwise what is refused is parked
   */
  record Outcome(Publishing further, boolean sent) {}

  Delivery(
      Vertx vertx, SessionWorker worker, JournalClient journal, MeterRegistry meters, Clock clock) {
    this.vertx = vertx;
    this.worker = worker;
    this.journal = journal;
    this.meters = meters;
    this.clock = clock;
    beginAtZero();
  }

  /** An alert sees a counter rise only when it was there before. */
  private void beginAtZero() {
    meters.counter("relay.publisher.entries");
    meters.timer("relay.publisher.transaction");
    meters.timer("relay.publisher.delay");
    Topics.perEnvironment().forEach(this::parked);
    List.of(Topics.ACTIVE_RUNS, Topics.AFTER_START).forEach(this::parked);
  }

  private Counter parked(String topic) {
    return meters.counter("relay.publisher.parked", "topic", topic);
  }

  /** Sends the first of these entries, as many as make a transaction. */
  Future<Outcome> send(Publishing open, List<OutboxEntry> entries, Outbox outbox) {
    long started = System.nanoTime();
    Set<String> resending = resending(outbox);
    return worker
        .call(() -> open.send(entries, resending))
        .compose(
            attempt -> {
              if (!attempt.refused().isEmpty()) {
                return park(attempt.refused(), outbox)
                    .map(new Outcome(open.parked(attempt), false));
              }
              sent(attempt.batch(), entries, Duration.ofNanos(System.nanoTime() - started));
              return Future.succeededFuture(new Outcome(open.sent(attempt.batch()), true));
            });
  }

  /** Topics with parked messages that somebody has asked to send anew. */
  private static Set<String> resending(Outbox outbox) {
    return outbox.parked().values().stream()
        .filter(ParkedMessage::resending)
        .map(ParkedMessage::topic)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Sends anew what was too large for topics that may take it now; a failure costs nothing. */
  Future<Void> recover(Publishing open, Outbox outbox) {
    List<ParkedMessage> tooLarge =
        outbox.parked().values().stream()
            .filter(message -> !message.awaitsTopic() && !message.resending())
            .toList();
    if (tooLarge.isEmpty()) {
      return Future.succeededFuture();
    }
    Set<String> topics =
        tooLarge.stream().map(ParkedMessage::topic).collect(Collectors.toUnmodifiableSet());
    return worker
        .call(() -> open.session().refusals().recovered(topics))
        .compose(recovered -> resend(tooLarge, recovered))
        .recover(
            failed -> {
              LOG.debug("nothing is resent: {}", failed.getMessage());
              return Future.succeededFuture();
            });
  }

  private Future<Void> resend(List<ParkedMessage> parked, Set<String> topics) {
    List<ParkedMessage.Key> keys =
        parked.stream()
            .map(ParkedMessage::key)
            .filter(key -> topics.contains(key.topic()))
            .sorted()
            .limit(RESENT_AT_ONCE)
            .toList();
    if (keys.isEmpty()) {
      return Future.succeededFuture();
    }
    LOG.info("{} parked messages are tried again, for {}", keys.size(), topics);
    return journal.append(new Command.Resent(keys, clock.millis())).mapEmpty();
  }

  private void sent(RecordBatch batch, List<OutboxEntry> entries, Duration took) {
    meters.counter("relay.publisher.entries").increment(batch.entries());
    meters.timer("relay.publisher.transaction").record(took);
    for (OutboxEntry entry : entries.subList(0, batch.entries())) {
      long delay = Math.max(0, clock.millis() - entry.since());
      meters.timer("relay.publisher.delay").record(Duration.ofMillis(delay));
    }
    delivered = batch.last();
    tellDelivered(delivered);
  }

  /** Again until the journal has it, for nothing may come later that would make up for it. */
  private void tellDelivered(long sequence) {
    journal
        .append(new Command.Delivered(sequence))
        .onFailure(
            failure -> {
              LOG.debug("delivered {} not in the journal: {}", sequence, failure.getMessage());
              if (!FailureCode.NOT_LEADER.is(failure)) { // the next leader asks Kafka
                vertx.setTimer(TELL_AGAIN_MS, timer -> tellAgain(sequence));
              }
            });
  }

  private void tellAgain(long sequence) {
    if (sequence == delivered) {
      tellDelivered(sequence);
    }
  }

  private void tellParked(List<Refusal> refused, Outbox outbox) {
    Refusal first = refused.get(0);
    OutboxEntry entry = outbox.entries().get(first.sequence());
    String environmentId = entry == null ? "" : entry.environmentId();
    Supplier<String> text =
        () ->
            "parked "
                + refused.size()
                + " messages, what is behind them goes on (see /api/v1/parked); the first, for "
                + first.topic()
                + ": "
                + first.reason();
    if (entry == null || environmentId.isEmpty()) {
      log.warn(text);
    } else {
      log.warn(environmentId, run(entry, first.topic()), text);
    }
  }

  private static @Nullable Long run(OutboxEntry entry, String topic) {
    for (OutboxMessage message : entry.messages()) {
      if (message instanceof Notification sent && sent.topic().equals(topic)) {
        return sent.environment().runNumber();
      }
    }
    return null;
  }

  /** In the journal before anything behind it is in Kafka, or a crash would lose it. */
  private Future<Void> park(List<Refusal> refused, Outbox outbox) {
    int parked = outbox.parkedWith(refused);
    if (parked > Outbox.PARKED_LIMIT) {
      return Future.failedFuture(
          refused.get(0).reason()
              + "; "
              + parked
              + " messages would be parked then (expected: at most "
              + Outbox.PARKED_LIMIT
              + "; resend them)");
    }
    return journal
        .append(new Command.Parked(refused, clock.millis()))
        .onSuccess(
            done -> {
              tellParked(refused, outbox);
              refused.forEach(one -> parked(one.topic()).increment());
            })
        .mapEmpty();
  }
}
