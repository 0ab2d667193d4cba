package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
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
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * next one takes over from it as from a stranger.
 */
public final class PublisherVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(PublisherVerticle.class);
  private static final int BATCH_ENTRIES = 500;
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(10);

  /** How soon a broker that is gone is noticed while nothing is sent. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  private static final long NONE = -1;

  private final PublisherOptions options;
  private final boolean waitForHistory;
  private final Duration lookEvery;
  private final MeterRegistry meters;
  private final Clock clock;
  private final PublisherStatus status;
  private final RetryGate pacing = new RetryGate();

  /** When the topics that take nothing are looked at again. */
  private final Deadline lookAgain = new Deadline(System::nanoTime, LOOK_AGAIN);

  private final PublishDecision situation;
  private final Strangers strangers;
  private @Nullable FirstReconciliation reconciliation;
  private @Nullable SessionWorker worker;
  private @Nullable SessionWorker looker;
  private @Nullable SessionWatch watch;
  private @Nullable TakeOver takeOver;
  private @Nullable Delivery delivery;
  private @Nullable Publishing publishing;

  /** The generation of settings whose start was announced since this host leads; −1 for none. */
  private long announced = NONE;

  private boolean busy;

  /** The brokers that a take-over is prepared for. */
  private List<String> prepared = List.of();

  /**
   * @param waitForHistory whether AliECS's stream is read: then publishing starts only when it is
   *     known from it which runs are active
   */
  public PublisherVerticle(
      PublisherOptions options, boolean waitForHistory, MeterRegistry meters, Clock clock) {
    this(options, waitForHistory, LOOK_EVERY, meters, clock);
  }

  PublisherVerticle(
      PublisherOptions options,
      boolean waitForHistory,
      Duration lookEvery,
      MeterRegistry meters,
      Clock clock) {
    this.lookEvery = lookEvery;
    this.options = options;
    this.waitForHistory = waitForHistory;
    this.meters = meters;
    this.clock = clock;
    this.status = new PublisherStatus(clock);
    this.strangers = new Strangers(options.transactionalId(), meters, System::nanoTime);
    this.situation = new PublishDecision(new Deadline(System::nanoTime, options.flushTimeout()));
  }

  @Override
  public Future<?> start() {
    meters.counter("relay.publisher.sessions"); // to be seen at 0, before the first
    for (FailureKind kind : FailureKind.values()) {
      failures(kind);
    }
    EventBus bus = vertx.eventBus();
    ClientFailure failure =
        new ClientFailure(options.clientProperties(), options.transactionalId());
    SessionWorker thread = new SessionWorker(vertx, "relay-publisher", failure);
    SessionWorker second = new SessionWorker(vertx, "relay-look", failure);
    JournalClient journal = new JournalClient(vertx);
    reconciliation = new FirstReconciliation(bus, this::next);
    worker = thread;
    looker = second;
    watch = new SessionWatch(vertx, second, strangers, lookEvery, this::next);
    takeOver = new TakeOver(options, thread, journal, meters, strangers, clock);
    delivery = new Delivery(vertx, thread, journal, meters, clock);
    bus.localConsumer(
        BusAddresses.PUBLISHER_STATUS,
        message -> message.reply(status.current(), LocalRecords.LOCAL));
    return journal.follow(this::observe, this::observe);
  }

  private void observe(StateChanged change) {
    situation.observe(change);
    next();
  }

  private void observe(Leadership change) {
    if (change.term() != situation.term()) {
      announced = NONE; // whatever another host has announced meanwhile
    }
    situation.observe(change);
    next();
  }

  @Override
  public Future<?> stop() {
    situation.stop();
    next();
    started(takeOver).release();
    return whenClosed()
        .eventually(() -> worker == null ? Future.succeededFuture() : worker.close())
        .eventually(() -> looker == null ? Future.succeededFuture() : looker.close());
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
    started(watch).follow(open);
    if (open == null) {
      openIfWanted();
    } else if (situation.isWanted(open) || situation.isFlushing(open)) {
      sendOrRest(open);
    } else {
      situation.flushed();
      announced = NONE;
      step(closing(open), done -> closed(open));
    }
  }

  private void openIfWanted() {
    if (!situation.isOn()) {
      announced = NONE;
      standBy();
    } else if (waitForHistory && !situation.state().isHistoryApplied()) {
      status.become(
          false,
          "waiting",
          "AliECS's event stream has not been read up to now yet; publishing starts when it has, see the check ingest");
    } else if (situation.state().epoch() == 0 && !started(reconciliation).isOver()) {
      status.become(
          false,
          "waiting",
          "AliECS's core is asked which environments exist; publishing starts within 5 s");
    } else if (pacing.mayTry(situation.generation()) && !situation.state().journalId().isEmpty()) {
      open();
    }
  }

  /** Ready to take over, once for each endpoint, when another host publishes. */
  private void standBy() {
    List<String> servers = situation.settings().bootstrapServers();
    if (!situation.settings().pluginEnabled()) {
      started(takeOver).release();
      prepared = List.of();
    }
    if (!situation.isFollowing() || servers.equals(prepared) || pacing.isWaiting()) {
      status.become(true, "off", situation.whyOff());
      return;
    }
    step(
        started(takeOver).prepare(servers),
        done -> {
          prepared = servers;
          LOG.info("ready to publish to {}", servers);
        });
  }

  private void sendOrRest(Publishing open) {
    List<OutboxEntry> entries = situation.outbox().after(open.sent(), BATCH_ENTRIES);
    SessionWatch watching = started(watch);
    Throwable silence = watching.silence();
    if (silence != null) {
      failed(silence);
    } else if (watching.wantsAnew()) {
      LOG.warn("a new session looks at the topics, and says again which runs are active");
      announced = NONE;
      step(closing(open), done -> publishing = null);
    } else if (!blocked(open).isEmpty() && lookAgain.isOver()) {
      step(closing(open), done -> publishing = null); // a new session looks at the topics anew
    } else if (watching.takeDue() && !situation.outbox().parked().isEmpty()) {
      step(started(delivery).recover(open, situation.outbox()), done -> {});
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
    status.publishing(open, situation.outbox(), strangers.troubles(open.journalId()));
  }

  // Steps

  private void open() {
    PublishingSettings settings = situation.settings();
    long generation = situation.generation();
    if (!status.isFailing() || pacing.isNew(generation)) {
      status.become(false, "connecting", "to " + String.join(",", settings.bootstrapServers()));
    }
    pacing.trying(generation);
    prepared = List.of();
    long term = situation.term();
    step(
        started(takeOver)
            .begin(
                settings, generation, announced, situation::state, () -> situation.leadsIn(term)),
        this::opened);
  }

  private void opened(Taken taken) {
    situation.observe(taken.seen());
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
        started(delivery).send(open, entries, situation.outbox()),
        outcome -> {
          publishing = outcome.further();
          if (outcome.sent()) {
            started(watch).sent();
            publishes(outcome.further());
          }
        });
  }

  private Future<Void> closing(Publishing open) {
    return started(worker).run(open.session()::close);
  }

  private void closed(Publishing session) {
    publishing = null;
    started(takeOver).closed(session);
    status.become(true, "off", situation.whyOff());
    LOG.info("stopped publishing: {}", situation.whyOff());
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
      started(worker).discard(open.session());
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

  /** A part that {@link #start} has made: nothing is asked of this verticle before. */
  private static <T> T started(@Nullable T part) {
    return Objects.requireNonNull(part, "not started");
  }
}
