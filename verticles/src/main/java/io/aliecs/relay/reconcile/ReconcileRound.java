package io.aliecs.relay.reconcile;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.TransitionReply;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.reconcile.Reconciliation.Correction;
import io.aliecs.relay.text.LogFields;
import io.aliecs.relay.text.Printable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One question to the core and what follows from its answer. */
final class ReconcileRound {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileRound.class);
  private static final long LOOK_AGAIN_MS = 100;

  private final Vertx vertx;
  private final JournalClient journal;
  private final CoreClient core;
  private final ReconcileTiming timing;
  private final Predicate<String> meant;
  private final Consumer<Correction> found;

  /**
   * @param found takes each correction that has had an effect
   */
  ReconcileRound(
      Vertx vertx,
      CoreClient core,
      ReconcileTiming timing,
      Predicate<String> meant,
      Consumer<Correction> found) {
    this.vertx = vertx;
    this.journal = new JournalClient(vertx);
    this.core = core;
    this.timing = timing;
    this.meant = meant;
    this.found = found;
  }

  /** Completes when the journal has what follows; fails when nothing was decided. */
  Future<Void> run() {
    long patience = timing.stream().toMillis() / LOOK_AGAIN_MS;
    return whenStreamIsRead(patience)
        .transform(
            read ->
                core.environments()
                    .onSuccess(this::publish)
                    .compose(
                        answer ->
                            read.succeeded() ? settle(answer) : Future.failedFuture(read.cause())));
  }

  private Future<Void> settle(CoreAnswer answer) {
    return vertx
        .timer(timing.settle().toMillis(), TimeUnit.MILLISECONDS)
        .compose(settled -> journal.state())
        .map(known -> Reconciliation.decide(known.newest().state(), answer, meant))
        .compose(this::append);
  }

  private void publish(CoreAnswer answer) {
    vertx.eventBus().publish(BusAddresses.CORE_ENVIRONMENTS, answer.summary(), LocalRecords.LOCAL);
  }

  /** What still waits in the stream is older than the answer, and true in its own order. */
  private Future<Void> whenStreamIsRead(long patience) {
    return vertx
        .eventBus()
        .<ComponentStatus>request(BusAddresses.INGEST_STATUS, null, LocalRecords.LOCAL)
        .map(reply -> isBehind(reply.body(), patience > 0))
        .otherwise(false) // no stream is read on this host
        .compose(
            behind -> {
              if (!behind) {
                return Future.succeededFuture();
              }
              if (patience <= 0) {
                return Future.failedFuture("AliECS's event stream is not read up to now");
              }
              return vertx
                  .timer(LOOK_AGAIN_MS, TimeUnit.MILLISECONDS)
                  .compose(again -> whenStreamIsRead(patience - 1));
            });
  }

  private static boolean isBehind(ComponentStatus ingest, boolean patient) {
    return switch (ingest.state()) {
      case "reading", "incomplete", "off" -> false;
      // Else there is no endpoint to read from; at first it is only not known yet.
      case "waiting" -> ingest.healthy() || patient;
      default -> true;
    };
  }

  private Future<Void> append(List<Correction> corrections) {
    Future<Void> done = Future.succeededFuture();
    for (Correction correction : corrections) {
      done = done.compose(before -> append(correction));
    }
    return done;
  }

  private Future<Void> append(Correction correction) {
    return journal
        .append(correction.command())
        .onSuccess(reply -> applied(correction, reply))
        .<Void>mapEmpty()
        .recover(
            failed ->
                isPassedOver(failed) ? Future.succeededFuture() : Future.failedFuture(failed));
  }

  /** What has happened meanwhile can make a command pointless; the others are not. */
  private static boolean isPassedOver(Throwable failed) {
    return FailureCode.UNKNOWN_ENVIRONMENT.is(failed) || FailureCode.REFUSED.is(failed);
  }

  private void applied(Correction correction, TransitionReply reply) {
    if (reply.verdict().hasEffect()) {
      found.accept(correction);
      String id = correction.environmentId();
      LogFields.about(LOG.atInfo(), id, correction.run())
          .log("AliECS's core: {} {}", correction.kind(), Printable.text(id));
    }
  }
}
