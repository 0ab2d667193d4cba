package io.aliecs.relay.reconcile;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.bus.status.CoreComparison;
import io.aliecs.relay.bus.status.CoreComparison.Difference;
import io.aliecs.relay.reconcile.Reconciliation.Correction;
import io.aliecs.relay.text.UnknownHosts;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * While this host leads, asks AliECS's core which environments exist, and has the journal keep what
 * the event stream has missed: at an interval, and whenever {@link BusAddresses#RECONCILE_REQUEST}
 * asks for it.
 *
 * <p>Learns who leads from {@link BusAddresses#LEADERSHIP_CHANGED} alone: to be deployed before the
 * verticle that publishes it. A core that does not answer changes nothing.
 */
public final class ReconcileVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileVerticle.class);
  private static final int FOUND_KEPT = 20;

  private final ReconcileOptions options;
  private final ReconcileTiming timing;
  private final Predicate<String> meant;
  private final ReconcileMetrics metrics;
  private final Clock clock;
  private final Deque<Difference> found = new ArrayDeque<>();
  private long comparedAt;
  private ComponentStatus status;
  private boolean leading;
  private @Nullable CoreClient core;

  /** The round that is under way, and the one that is asked for meanwhile. */
  private @Nullable Promise<Void> round;

  private @Nullable Promise<Void> next;

  private long timer = -1;

  /**
   * @param meant whether a workflow of that name is one of those that are published
   */
  public ReconcileVerticle(
      ReconcileOptions options, Predicate<String> meant, MeterRegistry meters, Clock clock) {
    this(options, ReconcileTiming.DEFAULT, meant, meters, clock);
  }

  ReconcileVerticle(
      ReconcileOptions options,
      ReconcileTiming timing,
      Predicate<String> meant,
      MeterRegistry meters,
      Clock clock) {
    this.options = options;
    this.timing = timing;
    this.meant = meant;
    this.metrics = new ReconcileMetrics(meters);
    this.clock = clock;
    this.status = new ComponentStatus(true, "waiting", "this host does not lead", clock.millis());
  }

  @Override
  public Future<?> start() {
    core = new CoreClient(vertx, options, timing.deadline(), clock);
    EventBus bus = vertx.eventBus();
    bus.localConsumer(BusAddresses.RECONCILE_STATUS, m -> m.reply(status, LocalRecords.LOCAL));
    bus.localConsumer(
        BusAddresses.RECONCILE_FOUND,
        m ->
            m.reply(
                new CoreComparison(status, comparedAt, List.copyOf(found)), LocalRecords.LOCAL));
    bus.<Object>localConsumer(BusAddresses.RECONCILE_REQUEST, this::requested);
    return new JournalClient(vertx).follow(state -> {}, now -> lead(now.leading()));
  }

  @Override
  public Future<?> stop() {
    leading = false;
    vertx.cancelTimer(timer);
    return core == null ? Future.succeededFuture() : core.close();
  }

  private void lead(boolean now) {
    if (now == leading) {
      return;
    }
    leading = now;
    if (leading) {
      run();
    } else {
      metrics.silent();
      become(true, "waiting", "this host does not lead");
    }
  }

  private void requested(Message<Object> message) {
    if (!leading) {
      message.fail(FailureCode.NOT_LEADER.code(), "this host does not lead");
      return;
    }
    run()
        .onSuccess(done -> message.reply(null, LocalRecords.LOCAL))
        .onFailure(
            failed ->
                message.fail(FailureCode.NOT_READY.code(), String.valueOf(failed.getMessage())));
  }

  /** A whole round from now on: one that is under way may have asked too early. */
  private Future<Void> run() {
    if (round == null) {
      return begin(Promise.promise());
    }
    if (next == null) {
      next = Promise.promise();
    }
    return next.future();
  }

  private Future<Void> begin(Promise<Void> beginning) {
    vertx.cancelTimer(timer);
    round = beginning;
    reconcile()
        .onComplete(
            done -> {
              round = null;
              timer =
                  vertx.setTimer(
                      (done.succeeded() ? options.interval() : timing.again()).toMillis(),
                      due -> again());
              beginning.handle(done);
              Promise<Void> waiting = next;
              next = null;
              if (waiting != null) {
                begin(waiting);
              }
            });
    return beginning.future();
  }

  private void again() {
    if (leading && round == null) {
      begin(Promise.promise()); // how it went is in the status
    }
  }

  private Future<Void> reconcile() {
    if (!leading || core == null) {
      return Future.failedFuture("this host does not lead");
    }
    return new ReconcileRound(vertx, core, timing, meant, this::found)
        .run()
        .onComplete(this::asked);
  }

  private void found(Correction correction) {
    metrics.reconciled(correction.kind());
    found.addFirst(
        new Difference(
            clock.millis(),
            correction.kind().name().toLowerCase(Locale.ROOT),
            correction.environmentId(),
            correction.run()));
    if (found.size() > FOUND_KEPT) {
      found.removeLast();
    }
  }

  /** A host that has ceased to lead meanwhile reports nothing of the core. */
  private void asked(AsyncResult<Void> done) {
    metrics.asked(done.succeeded());
    if (!leading) {
      metrics.silent();
    } else if (done.succeeded()) {
      comparedAt = clock.millis();
      become(true, "answering", "");
    } else {
      become(false, "failing", reason(done.cause()));
    }
  }

  private String reason(Throwable failed) {
    return (UnknownHosts.areWhy(failed)
            ? UnknownHosts.sentence(List.of(options.core()), "aliecs.core")
            : options.core() + ": " + failed.getMessage())
        + "; it is asked again every "
        + timing.again().toSeconds()
        + " s, and until it answers a run whose end the stream does not tell stays on the list";
  }

  private void become(boolean healthy, String state, String reason) {
    ComponentStatus before = status;
    status = before.become(healthy, state, reason, clock.millis());
    if (before.healthy() != healthy) {
      if (healthy) {
        LOG.info("AliECS's core at {}: {}", options.core(), state);
      } else {
        LOG.warn("AliECS's core cannot be compared with: {}", reason);
      }
    }
  }
}
