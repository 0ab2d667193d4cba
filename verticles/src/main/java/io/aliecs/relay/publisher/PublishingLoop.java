package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.message.OutboxEntry;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.kafka.FailureKind;
import io.aliecs.relay.publisher.TakeOver.Taken;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.publisher.records.Deadline;
import io.aliecs.relay.publisher.session.SessionWorker;
import io.aliecs.relay.publisher.watch.Strangers;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drains the outbox to Kafka while this host leads and the plugin is on.
 *
 * <p>One step at a time, each chosen by {@link #next()} from what is wanted and what is: open a
 * session, send what is pending as one transaction, close. Whatever fails closes the session; the
 * next one takes over from it as from a stranger. On the verticle's event loop.
 */
final class PublishingLoop {
  private static final Logger LOG = LoggerFactory.getLogger(PublishingLoop.class);
  private static final int BATCH_ENTRIES = 500;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);
  private static final long NONE = -1;

  private final Vertx vertx;
  private final boolean waitForHistory;
  private final MeterRegistry meters;
  private final PublisherStatus status;
  private final RetryGate pacing = new RetryGate();

  /** When the topics that take nothing are looked at again. */
  private final Deadline lookAgain = new Deadline(System::nanoTime, LOOK_AGAIN);

  private final PublishDecision decision;
  private final Strangers strangers;
  private final FirstReconciliation reconciliation;
  private final SessionWorker worker;
  private final SessionWorker looker;
  private final SessionWatch watch;
  private final TakeOver takeOver;
  private final Delivery delivery;
  private @Nullable Publishing publishing;

  /** The generation of settings whose start was announced since this host leads; −1 for none. */
  private long announced = NONE;

  private boolean busy;

  /** The brokers that a take-over is prepared for. */
  private List<String> prepared = List.of();

  /**
   * @param waitForHistory whether publishing starts only when AliECS's stream was read up to now
   * @param lookEvery how soon a broker that is gone is noticed while nothing is sent
   */
  PublishingLoop(
      Vertx vertx,
      PublisherOptions options,
      boolean waitForHistory,
      Duration lookEvery,
      JournalClient journal,
      MeterRegistry meters,
      Clock clock) {
    this.vertx = vertx;
    this.waitForHistory = waitForHistory;
    this.meters = meters;
    status = new PublisherStatus(clock);
    strangers = new Strangers(options.transactionalId(), meters, System::nanoTime);
    decision = new PublishDecision(new Deadline(System::nanoTime, options.flushTimeout()));
    reconciliation = new FirstReconciliation(vertx.eventBus(), this::next);
    ClientFailure failure =
        new ClientFailure(options.clientProperties(), options.transactionalId());
    worker = new SessionWorker(vertx, "relay-publisher", failure);
    looker = new SessionWorker(vertx, "relay-look", failure);
    watch = new SessionWatch(vertx, looker, strangers, lookEvery, this::next);
    takeOver = new TakeOver(options, worker, journal, meters, strangers, clock);
    delivery = new Delivery(vertx, worker, journal, meters, clock);
    meters.counter("relay.publisher.sessions"); // to be seen at 0, before the first
    for (FailureKind kind : FailureKind.values()) {
      failures(kind);
    }
  }

  ComponentStatus status() {
    return status.current();
  }

  void observe(StateChanged change) {
    decision.observe(change);
    next();
  }

  void observe(Leadership change) {
    if (change.term() != decision.term()) {
      announced = NONE; // whatever another host has announced meanwhile
    }
    decision.observe(change);
    next();
  }

  /** Sends what is pending for as long as it may take, and ends. */
  Future<Void> stop() {
    decision.stop();
    next();
    takeOver.release();
    return whenClosed().eventually(worker::close).eventually(looker::close);
  }

  private Future<Void> whenClosed() {
    if (publishing == null && !busy) {
      return Future.succeededFuture();
    }
    return vertx.timer(10, TimeUnit.MILLISECONDS).compose(t -> whenClosed());
  }

  // What to do next

  /** Takes the next step, unless one is under way; called whenever something has changed. */
  private void next() {
    if (busy) {
      return;
    }
    Publishing open = publishing;
    watch.follow(open);
    if (open == null) {
      openIfWanted();
    } else if (decision.isWanted(open) || decision.isFlushing(open)) {
      sendOrRest(open);
    } else {
      decision.flushed();
      announced = NONE;
      step(closing(open), done -> closed(open));
    }
  }

  private void openIfWanted() {
    if (!decision.isOn()) {
      announced = NONE;
      standBy();
    } else if (waitForHistory && !decision.state().isHistoryApplied()) {
      status.become(
          false,
          "waiting",
          "AliECS's event stream has not been read up to now yet; publishing starts when it has, see the check ingest");
    } else if (decision.state().epoch() == 0 && !reconciliation.isOver()) {
      status.become(
          false,
          "waiting",
          "AliECS's core is asked which environments exist; publishing starts within 5 s");
    } else if (pacing.mayTry(decision.generation()) && !decision.state().journalId().isEmpty()) {
      open();
    }
  }

  /** Ready to take over, once for each endpoint, when another host publishes. */
  private void standBy() {
    List<String> servers = decision.settings().bootstrapServers();
    if (!decision.settings().pluginEnabled()) {
      takeOver.release();
      prepared = List.of();
    }
    if (!decision.isFollowing() || servers.equals(prepared) || pacing.isWaiting()) {
      status.become(true, "off", decision.whyOff());
      return;
    }
    step(
        takeOver.prepare(servers),
        done -> {
          prepared = servers;
          LOG.info("ready to publish to {}", servers);
        });
  }

  private void sendOrRest(Publishing open) {
    List<OutboxEntry> entries = decision.outbox().after(open.sent(), BATCH_ENTRIES);
    Throwable silence = watch.silence();
    if (silence != null) {
      failed(silence);
    } else if (watch.wantsAnew()) {
      LOG.warn("a new session looks at the topics, and says again which runs are active");
      announced = NONE;
      step(closing(open), done -> publishing = null);
    } else if (!blocked(open).isEmpty() && lookAgain.isOver()) {
      step(closing(open), done -> publishing = null); // a new session looks at the topics anew
    } else if (watch.takeDue() && !decision.outbox().parked().isEmpty()) {
      step(delivery.recover(open, decision.outbox()), done -> {});
    } else if (!entries.isEmpty()) {
      send(open, entries);
    } else {
      publishes(open);
    }
  }

  private static Map<String, String> blocked(Publishing open) {
    return open.session().refusals().blockedTopics();
  }

  /** Only what was sent, or was all there was to send, proves that it works. */
  private void publishes(Publishing open) {
    pacing.proven();
    status.publishing(open, decision.outbox(), strangers.troubles(open.journalId()));
  }

  // Steps

  private void open() {
    PublishingSettings settings = decision.settings();
    long generation = decision.generation();
    if (!status.isFailing() || pacing.isNew(generation)) {
      status.become(false, "connecting", "to " + String.join(",", settings.bootstrapServers()));
    }
    pacing.trying(generation);
    prepared = List.of();
    long term = decision.term();
    step(
        takeOver.begin(
            settings, generation, announced, decision::state, () -> decision.leadsIn(term)),
        this::opened);
  }

  private void opened(Taken taken) {
    decision.observe(taken.seen());
    Publishing open = taken.publishing();
    publishing = open;
    announced = open.generation();
    meters.counter("relay.publisher.sessions").increment();
    if (!blocked(open).isEmpty()) {
      LOG.warn(
          "topics that take nothing: {}; they are looked at again every {} s, and what is parked"
              + " goes out by itself",
          blocked(open),
          LOOK_AGAIN.toSeconds());
      lookAgain.begin();
      vertx.setTimer(LOOK_AGAIN.toMillis(), timer -> next());
    }
    LOG.info(
        "publishing in epoch {}, behind sequence {}: {}", open.epoch(), open.sent(), taken.steps());
    taken
        .steps()
        .forEach(
            (step, took) -> meters.timer("relay.publisher.takeover", "step", step).record(took));
  }

  private void send(Publishing open, List<OutboxEntry> entries) {
    step(
        delivery.send(open, entries, decision.outbox()),
        outcome -> {
          publishing = outcome.further();
          if (outcome.sent()) {
            watch.sent();
            publishes(outcome.further());
          }
        });
  }

  private Future<Void> closing(Publishing open) {
    return worker.run(open.session()::close);
  }

  private void closed(Publishing session) {
    publishing = null;
    takeOver.closed(session);
    status.become(true, "off", decision.whyOff());
    LOG.info("stopped publishing: {}", decision.whyOff());
  }

  /** Awaits a step, then takes the next; a failure costs the session and some time. */
  private <T> void step(Future<T> future, Consumer<T> then) {
    busy = true;
    future.onComplete(
        done -> {
          busy = false;
          if (done.succeeded()) {
            then.accept(done.result());
          } else {
            failed(done.cause());
          }
          next();
        });
  }

  private void failed(Throwable cause) {
    Publishing open = publishing;
    publishing = null;
    if (open != null) {
      worker.discard(open.session());
    }
    status.failing(cause);
    failures(FailureKind.of(cause)).increment();
    vertx.setTimer(
        pacing.failed(),
        timer -> {
          pacing.waited();
          next();
        });
  }

  private Counter failures(FailureKind kind) {
    return meters.counter("relay.publisher.failures", "kind", kind.label());
  }
}
