package io.aliecs.relay.web;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.bus.LocalRecords;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;

/**
 * Says whether this host is alive, started and ready.
 *
 * <p>Ready means that it can take transitions and serve them: the state is known, a leader is known
 * and settings are known. The publisher and the ingest are shown, but Kafka that cannot be reached
 * or a plugin that is off does not make a host unready: it tracks and serves all the same.
 */
final class Health {
  private static final long STATUS_TIMEOUT_MS = 500;

  private final Vertx vertx;
  private final StateFeed feed;

  Health(Vertx vertx, StateFeed feed) {
    this.vertx = vertx;
    this.feed = feed;
  }

  /** The process runs and its event loop turns, or nobody would answer. */
  List<Check> live() {
    return List.of(Check.required("event-loop", true, ""));
  }

  /** The journal is replayed. */
  List<Check> started() {
    return List.of(state());
  }

  /** Transitions can be taken and served. Never fails. */
  Future<List<Check>> ready() {
    Future<Check> publisher = component("publisher", BusAddresses.PUBLISHER_STATUS);
    Future<Check> ingest = component("ingest", BusAddresses.INGEST_STATUS);
    return Future.all(publisher, ingest)
        .map(both -> List.of(state(), leader(), settings(), publisher.result(), ingest.result()));
  }

  private Check state() {
    Snapshot snapshot = feed.snapshot();
    return snapshot == null
        ? Check.required("state", false, "the journal is not replayed yet")
        : Check.required("state", true, "journal index " + snapshot.changed().index());
  }

  private Check leader() {
    String leader = feed.leadership().leaderId();
    return leader.isEmpty()
        ? Check.required("leader", false, "no leader is known")
        : Check.required("leader", true, leader + " leads");
  }

  private Check settings() {
    Snapshot snapshot = feed.snapshot();
    if (snapshot == null || snapshot.state().settingsSince() == 0) {
      return Check.required("settings", false, "no good settings were ever seen");
    }
    boolean enabled = snapshot.state().settings().pluginEnabled();
    return Check.required("settings", true, enabled ? "plugin on" : "plugin off");
  }

  private Future<Check> component(String name, String address) {
    return vertx
        .eventBus()
        .request(
            address,
            null,
            new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(STATUS_TIMEOUT_MS))
        .map(reply -> reported(name, reply.body()))
        .otherwise(failure -> unanswered(name, failure));
  }

  private static Check reported(String name, Object body) {
    if (!(body instanceof ComponentStatus status)) {
      return new Check(name, false, Check.Status.DOWN, "an answer that is no status");
    }
    String reason =
        status.reason().isEmpty() ? status.state() : status.state() + ": " + status.reason();
    return new Check(name, false, status.healthy() ? Check.Status.UP : Check.Status.DOWN, reason);
  }

  private static Check unanswered(String name, Throwable failure) {
    if (failure instanceof ReplyException reply) {
      if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
        return new Check(name, false, Check.Status.ABSENT, "does not run on this host");
      }
      if (reply.failureType() == ReplyFailure.TIMEOUT) {
        String reason = "no answer within " + STATUS_TIMEOUT_MS + " ms";
        return new Check(name, false, Check.Status.DOWN, reason);
      }
    }
    return new Check(name, false, Check.Status.DOWN, String.valueOf(failure.getMessage()));
  }
}
