package io.aliecs.relay.bus;

import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Sends events to the host that leads, whichever that is, and repeats each until it is safe: hosts
 * may die meanwhile. An event is applied once, however often it was sent, for its id stays the
 * same. Events that must keep their order are sent one after the other. Thread safe.
 */
public final class EventSender {
  private static final long REPLY_MS = 2_000;
  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 1_000;

  private final Vertx vertx;
  private final Duration patience;

  /**
   * A sender.
   *
   * @param vertx one that is on the bus of the control hosts
   * @param patience how long an event is repeated before its sending fails
   */
  public EventSender(Vertx vertx, Duration patience) {
    this.vertx = vertx;
    this.patience = patience;
  }

  /**
   * Sends an event.
   *
   * @param event as {@code docs/messages.md} describes it, its {@code eventId} among it
   * @return what became of it once it is safe; fails with {@link FailureCode#REFUSED} or {@link
   *     FailureCode#UNKNOWN_ENVIRONMENT} when repeating is of no use, or with the last failure when
   *     patience is at its end, and then it may be safe or not
   */
  public Future<TransitionReply> send(JsonObject event) {
    return send((Object) event);
  }

  /** Sends an event; see {@link #send(JsonObject)}. */
  public Future<TransitionReply> send(EnvironmentEventRecord event) {
    return send((Object) Buffer.buffer(event.toByteArray()));
  }

  private Future<TransitionReply> send(Object body) {
    return send(body, System.nanoTime() + patience.toNanos(), FIRST_PAUSE_MS);
  }

  private Future<TransitionReply> send(Object body, long giveUp, long pauseMs) {
    return vertx
        .eventBus()
        .<JsonObject>request(
            BusAddresses.ENVIRONMENT_TRANSITION,
            body,
            new DeliveryOptions().setSendTimeout(REPLY_MS))
        .map(reply -> TransitionReply.fromJson(reply.body()))
        .recover(
            failure ->
                isPassing(failure) && System.nanoTime() - giveUp < 0
                    ? vertx
                        .timer(pauseMs, TimeUnit.MILLISECONDS)
                        .compose(
                            rested -> send(body, giveUp, Math.min(2 * pauseMs, LONGEST_PAUSE_MS)))
                    : Future.failedFuture(failure));
  }

  /** Whether the same event may be taken later. */
  private static boolean isPassing(Throwable failure) {
    if (!(failure instanceof ReplyException reply)) {
      return false;
    }
    return reply.failureType() == ReplyFailure.NO_HANDLERS
        || reply.failureType() == ReplyFailure.TIMEOUT
        || FailureCode.NOT_LEADER.is(failure)
        || FailureCode.NOT_READY.is(failure)
        || FailureCode.BACKLOG_FULL.is(failure);
  }
}
