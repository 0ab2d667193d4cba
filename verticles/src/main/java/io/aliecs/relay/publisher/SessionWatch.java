package io.aliecs.relay.publisher;

import io.aliecs.relay.publisher.records.Deadline;
import io.aliecs.relay.publisher.session.KafkaSession;
import io.aliecs.relay.publisher.session.SessionWorker;
import io.aliecs.relay.publisher.watch.Look;
import io.aliecs.relay.publisher.watch.Strangers;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Has the brokers of the open session looked at now and then, beside what is sent: whoever sends
 * nothing would learn nothing. For one thread.
 */
final class SessionWatch {
  /** The first look learns where the topics end; it does not compete with a take-over. */
  private static final Duration FIRST = Duration.ofSeconds(1);

  /** Whoever writes lists beside us is not answered with a list each time. */
  private static final Duration LIST_AGAIN = Duration.ofMinutes(1);

  private final Vertx vertx;
  private final SessionWorker worker;
  private final Strangers strangers;
  private final Duration every;
  private final Runnable looked;
  private final Deadline listAgain = new Deadline(System::nanoTime, LIST_AGAIN);
  private @Nullable KafkaSession watched;
  private @Nullable Throwable silence;
  private boolean anew;
  private boolean due;

  /** Whether something was sent since the look that is under way has begun. */
  private boolean proven;

  /**
   * Nothing is watched yet.
   *
   * @param worker for looks alone
   * @param every between two looks
   * @param looked run after each look
   */
  SessionWatch(
      Vertx vertx, SessionWorker worker, Strangers strangers, Duration every, Runnable looked) {
    this.vertx = vertx;
    this.worker = worker;
    this.strangers = strangers;
    this.every = every;
    this.looked = looked;
  }

  /** The session that is open, null when none is. */
  void follow(@Nullable Publishing open) {
    KafkaSession session = open == null ? null : open.session();
    if (session == watched) {
      return;
    }
    watched = session;
    silence = null;
    anew = false;
    due = false;
    if (open != null) {
      schedule(open.session(), open.journalId(), FIRST);
    }
  }

  /** Something was sent: no broker is silent. */
  void sent() {
    proven = true;
    silence = null;
  }

  /** Why the brokers are taken for away, null while they answer. */
  @Nullable Throwable silence() {
    return silence;
  }

  /** Whether another session has to look at the topics, and to say anew which runs are active. */
  boolean wantsAnew() {
    return anew;
  }

  /** Whether there was a look since this was asked last. */
  boolean takeDue() {
    boolean was = due;
    due = false;
    return was;
  }

  private void schedule(KafkaSession session, String journalId, Duration delay) {
    vertx.setTimer(delay.toMillis(), timer -> look(session, journalId));
  }

  private void look(KafkaSession session, String journalId) {
    if (session != watched) {
      return;
    }
    proven = false;
    worker
        .call(() -> session.brokers().look(journalId))
        .onComplete(
            done -> {
              if (session != watched) {
                return;
              }
              if (done.succeeded()) {
                silence = null;
                found(done.result(), journalId);
              } else if (!proven) {
                silence = done.cause();
              }
              due = true;
              schedule(session, journalId, every);
              looked.run();
            });
  }

  private void found(Look look, String journalId) {
    look.strangers().forEach(stranger -> strangers.see(stranger, journalId));
    if (look.listIsForeign() && listAgain.isOverOrNotBegun()) {
      listAgain.begin();
      anew = true;
    }
    anew |= look.remade();
  }
}
