package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.domain.Command;
import io.aliecs.relay.domain.Command.Refusal;
import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.OutboxEntry;
import io.aliecs.relay.domain.ParkedMessage;
import io.aliecs.relay.domain.PublishingSettings;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.kafka.ExplainedException;
import io.aliecs.relay.proto.journal.Watermark;
import io.aliecs.relay.settings.PublisherOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.eventbus.EventBus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
  private static final long LOOK_AGAIN_MS = 10_000;
  private static final long BACKOFF_MIN_MS = 200;
  private static final long BACKOFF_MAX_MS = 2_000;

  private final PublisherOptions options;
  private final ClientFailure failure;
  private final boolean waitForHistory;
  private final MeterRegistry meters;
  private final Clock clock;

  private StateChanged newest = new StateChanged(-1, RelayState.EMPTY, Set.of(), 0);
  private Leadership leadership = new Leadership(false, 0, "");
  private ComponentStatus status;
  private @Nullable WorkerExecutor worker;
  private @Nullable Publishing publishing;

  /** The generation of settings whose start was announced since this host leads; −1 for none. */
  private long announced = -1;

  private boolean busy;
  private boolean stopping;
  private long backoffMs = BACKOFF_MIN_MS;
  private boolean backingOff;

  /** The generation of settings that was tried last; other settings are tried without delay. */
  private long tried = -1;

  /** The brokers that a take-over was rehearsed with last. */
  private List<String> rehearsed = List.of();

  /** When the topics that take nothing are looked at again, ms since epoch. */
  private long lookAgainAt;

  /** When what is pending must be out since the plugin was turned off, ms since epoch; 0: no. */
  private long flushUntil;

  /**
   * A verticle that is not started.
   *
   * @param waitForHistory whether AliECS's stream is read: then publishing starts only when it is
   *     known from it which runs are active
   */
  public PublisherVerticle(
      PublisherOptions options, boolean waitForHistory, MeterRegistry meters, Clock clock) {
    this.options = options;
    this.failure = new ClientFailure(options.clientProperties(), options.transactionalId());
    this.waitForHistory = waitForHistory;
    this.meters = meters;
    this.clock = clock;
    this.status = new ComponentStatus(false, "waiting", "not started", clock.millis());
  }

  @Override
  public Future<?> start() {
    worker = vertx.createSharedWorkerExecutor("relay-publisher", 1);
    EventBus bus = vertx.eventBus();
    bus.<StateChanged>localConsumer(
        BusAddresses.ENVIRONMENT_CHANGED,
        message -> {
          observe(message.body());
          next();
        });
    bus.<Leadership>localConsumer(
        BusAddresses.LEADERSHIP_CHANGED,
        message -> {
          leadership = message.body();
          next();
        });
    bus.localConsumer(
        BusAddresses.PUBLISHER_STATUS, message -> message.reply(status, LocalRecords.LOCAL));
    return Future.succeededFuture();
  }

  private void observe(StateChanged change) {
    if (change.index() > newest.index()) {
      newest = change;
    }
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    flushUntil = clock.millis() + options.flushTimeout().toMillis();
    next();
    return whenClosed()
        .eventually(() -> worker == null ? Future.succeededFuture() : worker.close());
  }

  private Future<Void> whenClosed() {
    if (publishing == null && !busy) {
      return Future.succeededFuture();
    }
    return vertx.timer(10, java.util.concurrent.TimeUnit.MILLISECONDS).compose(t -> whenClosed());
  }

  // What to do next

  /** Takes the next step, unless one is under way; called whenever something has changed. */
  private void next() {
    if (busy) {
      return;
    }
    Publishing open = publishing;
    if (open == null) {
      openIfWanted();
    } else if (isWanted(open) || isFlushing(open)) {
      sendOrRest(open);
    } else {
      flushUntil = 0;
      announced = -1;
      step(closing(open), done -> closed());
    }
  }

  private boolean isOn() {
    return leadership.leading() && !stopping && settings().pluginEnabled();
  }

  private PublishingSettings settings() {
    return newest.state().settings();
  }

  private boolean isWanted(Publishing open) {
    return isOn() && newest.state().generation() == open.generation();
  }

  /** After the plugin was turned off, or at the end, what is pending may go out for a while. */
  private boolean isFlushing(Publishing open) {
    boolean off = leadership.leading() && (stopping || !settings().pluginEnabled());
    if (!off) {
      flushUntil = 0;
      return false;
    }
    if (flushUntil == 0) {
      flushUntil = clock.millis() + options.flushTimeout().toMillis();
    }
    boolean left = !newest.state().outbox().after(open.sent(), 1).isEmpty();
    return left && clock.millis() < flushUntil;
  }

  private void openIfWanted() {
    if (!isOn()) {
      announced = -1;
      standBy();
    } else if (waitForHistory && !newest.state().isHistoryApplied()) {
      become(false, "waiting", "AliECS's event stream has not been read up to now yet");
    } else if (mayTry() && !newest.state().journalId().isEmpty()) {
      open(settings().bootstrapServers());
    }
  }

  /** Ready to take over, once for each endpoint, when another host publishes. */
  private void standBy() {
    List<String> servers = settings().bootstrapServers();
    boolean follows = !leadership.leading() && !leadership.leaderId().isEmpty() && !stopping;
    if (!follows || !settings().pluginEnabled() || servers.equals(rehearsed) || backingOff) {
      become(true, "off", whyOff());
      return;
    }

    step(
        work(
            () -> {
              Rehearsal.run(servers, options);
              return null;
            }),
        done -> {
          rehearsed = servers;
          LOG.info("ready to publish to {}", servers);
        });
  }

  private boolean mayTry() {
    return !backingOff || newest.state().generation() != tried;
  }

  private String whyOff() {
    if (stopping) {
      return "shutting down";
    }
    if (!leadership.leading()) {
      return "this host does not lead";
    }
    return newest.state().settingsSince() == 0
        ? "no good settings have been read from Consul yet"
        : "integrationPlugins does not hold kafka";
  }

  private void sendOrRest(Publishing open) {
    List<OutboxEntry> entries = newest.state().outbox().after(open.sent(), BATCH_ENTRIES);
    if (!blocked(open).isEmpty() && clock.millis() >= lookAgainAt) {
      step(closing(open), done -> publishing = null); // a new session looks at the topics anew
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
    backoffMs = BACKOFF_MIN_MS;
    List<String> troubles = new ArrayList<>(blocked(open).values());
    if (!open.lack().isEmpty()) {
      troubles.add(open.lack());
    }
    become(troubles.isEmpty(), "publishing", String.join("; ", troubles));
  }

  // Steps

  private void open(List<String> bootstrapServers) {
    if (!status.state().equals("failing") || newest.state().generation() != tried) {
      become(false, "connecting", "to " + String.join(",", bootstrapServers));
    }
    long generation = newest.state().generation();
    if (generation != tried) {
      tried = generation;
      backoffMs = BACKOFF_MIN_MS;
    }
    Future<Publishing> opened =
        work(() -> KafkaSession.open(bootstrapServers, options))
            .compose(
                session -> takeOver(session, generation).onFailure(failure -> discard(session)));
    step(
        opened,
        result -> {
          publishing = result;
          announced = result.generation();
          meters.counter("relay.publisher.sessions").increment();
          lookAgain(result);
          LOG.info(
              "publishing to {} in epoch {}, behind sequence {}",
              bootstrapServers,
              result.epoch(),
              result.sent());
        });
  }

  private void lookAgain(Publishing open) {
    if (!blocked(open).isEmpty()) {
      LOG.warn("topics that take nothing: {}", blocked(open));
      lookAgainAt = clock.millis() + LOOK_AGAIN_MS;
      vertx.setTimer(LOOK_AGAIN_MS, timer -> next());
    }
  }

  /** Tells the journal what Kafka has, and reads back from where to go on. */
  private Future<Publishing> takeOver(KafkaSession session, long generation) {
    Watermark found = session.watermark();
    Set<String> mended = mendedTopics(session);
    boolean goesOn =
        announced == generation
            && mended.isEmpty()
            && found.getJournalId().equals(newest.state().journalId());
    Command command =
        goesOn
            ? new Command.Delivered(found.getSequence())
            : new Command.PublishingStarted(
                found.getJournalId(), found.getSequence(), mended, clock.millis());
    EventBus bus = vertx.eventBus();
    return bus.<TransitionReply>request(BusAddresses.JOURNAL_APPEND, command, LocalRecords.LOCAL)
        .compose(
            done ->
                bus.<StateChanged>request(BusAddresses.ENVIRONMENT_STATE, null, LocalRecords.LOCAL)
                    .map(
                        reply -> {
                          observe(reply.body());
                          return publishing(
                              session, generation, reply.body().state(), done.body().reason());
                        }));
  }

  private Publishing publishing(
      KafkaSession session, long generation, RelayState state, String lack) {
    if (!lack.isEmpty()) {
      LOG.error("{}", lack);
    }
    return new Publishing(
        session,
        generation,
        new RecordMapper(
            state.journalId(),
            state.epoch(),
            options.afterStartActivity(),
            state.outbox().base().values()),
        state.journalId(),
        state.epoch(),
        state.outbox().delivered(),
        null,
        lack);
  }

  /** Topics for whose sake messages are parked, and which take messages now. */
  private Set<String> mendedTopics(KafkaSession session) {
    Set<String> blocked = session.refusals().blockedTopics().keySet();
    return parkedTopics(
        message ->
            message.awaitsTopic() && !message.resending() && !blocked.contains(message.topic()));
  }

  private Set<String> parkedTopics(Predicate<ParkedMessage> which) {
    return newest.state().outbox().parked().values().stream()
        .filter(which)
        .map(ParkedMessage::topic)
        .collect(Collectors.toUnmodifiableSet());
  }

  private void send(Publishing open, List<OutboxEntry> entries) {
    long started = System.nanoTime();
    Set<String> resending = parkedTopics(ParkedMessage::resending);
    step(
        work(() -> open.send(entries, resending))
            .compose(
                attempt ->
                    attempt.refused().isEmpty()
                        ? Future.succeededFuture(attempt)
                        : park(attempt.refused()).map(attempt)),
        attempt -> {
          if (attempt.refused().isEmpty()) {
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            sent(open, attempt.batch(), entries, took);
          } else {
            publishing = open.parked(attempt);
          }
        });
  }

  private void sent(Publishing open, RecordBatch batch, List<OutboxEntry> entries, Duration took) {
    Publishing further = open.sent(batch);
    publishing = further;
    publishes(further);
    meters.counter("relay.publisher.entries").increment(batch.entries());
    meters.timer("relay.publisher.transaction").record(took);
    for (OutboxEntry entry : entries.subList(0, batch.entries())) {
      long delay = Math.max(0, clock.millis() - entry.timestamp());
      meters.timer("relay.publisher.delay").record(Duration.ofMillis(delay));
    }
    delivered(batch.last());
  }

  /** In the journal before anything behind it is in Kafka, or a crash would lose it. */
  private Future<Void> park(List<Refusal> refused) {
    int parked = newest.state().outbox().parked().size();
    if (parked + refused.size() > Outbox.PARKED_LIMIT) {
      return Future.failedFuture(
          refused.get(0).reason()
              + "; "
              + parked
              + " messages are parked already (expected: at most "
              + Outbox.PARKED_LIMIT
              + "; resend them)");
    }
    return vertx
        .eventBus()
        .request(
            BusAddresses.JOURNAL_APPEND,
            new Command.Parked(refused, clock.millis()),
            LocalRecords.LOCAL)
        .onSuccess(
            done -> {
              LOG.warn("parked {} messages; the first: {}", refused.size(), refused.get(0));
              refused.forEach(
                  one ->
                      meters.counter("relay.publisher.parked", "topic", one.topic()).increment());
            })
        .mapEmpty();
  }

  private void delivered(long sequence) {
    vertx
        .eventBus()
        .request(BusAddresses.JOURNAL_APPEND, new Command.Delivered(sequence), LocalRecords.LOCAL)
        .onFailure(
            failure ->
                // Kafka knows; a later one or the next session makes up for it.
                LOG.debug("delivered {} not in the journal: {}", sequence, failure.getMessage()));
  }

  private Future<Void> closing(Publishing open) {
    return work(
        () -> {
          open.session().close();
          return null;
        });
  }

  private void closed() {
    publishing = null;
    become(true, "off", whyOff());
    LOG.info("stopped publishing: {}", whyOff());
  }

  private void discard(KafkaSession session) {
    work(() -> {
          session.abandon();
          return null;
        })
        .onFailure(failure -> LOG.warn("cannot close a producer: {}", failure.toString()));
  }

  /** Awaits a step, then takes the next; a failure costs the session and some time. */
  private <T> void step(Future<T> future, java.util.function.Consumer<T> then) {
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
      discard(open.session());
    }
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (!status.state().equals("failing") || !status.reason().equals(reason)) {
      LOG.warn("cannot publish: {}; what is pending is kept", reason);
    }
    become(false, "failing", reason);
    Throwable original = cause.getCause() == null ? cause : cause.getCause();
    meters
        .counter("relay.publisher.failures", "error", original.getClass().getSimpleName())
        .increment();
    backingOff = true;
    long wait = backoffMs / 2 + ThreadLocalRandom.current().nextLong(backoffMs / 2 + 1);
    backoffMs = Math.min(2 * backoffMs, BACKOFF_MAX_MS);
    vertx.setTimer(
        wait,
        timer -> {
          backingOff = false;
          next();
        });
  }

  private void become(boolean healthy, String state, String reason) {
    status = status.become(healthy, state, reason, clock.millis());
  }

  /** Does what blocks, and says there why it failed: that too may read files. */
  private <T> Future<T> work(Callable<T> task) {
    if (worker == null) {
      return Future.failedFuture("not started");
    }
    return worker.executeBlocking(
        () -> {
          try {
            return task.call();
          } catch (Exception failed) {
            throw new ExplainedException(failure.reason(failed), failed);
          }
        });
  }
}
