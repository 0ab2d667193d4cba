package io.aliecs.relay.web.state;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.bus.status.CoreComparison;
import io.aliecs.relay.settings.SettingsStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Optional;

/**
 * Asks the other verticles of this host for their status. Every answer comes in time and none
 * fails: a verticle that has not replied within {@value #TIMEOUT_MS} ms counts as silent.
 */
public record HostStatus(Vertx vertx) {
  public static final long TIMEOUT_MS = 500;

  /**
   * What a verticle replied.
   *
   * @param status the status it reported, if it did
   * @param silence why it did not, empty when it did
   * @param absent whether it does not run on this host
   */
  public record Reply<T>(Optional<T> status, String silence, boolean absent) {}

  public Future<Reply<ComponentStatus>> journal() {
    return ask(BusAddresses.JOURNAL_STATUS, ComponentStatus.class);
  }

  public Future<Reply<ComponentStatus>> publisher() {
    return ask(BusAddresses.PUBLISHER_STATUS, ComponentStatus.class);
  }

  public Future<Reply<ComponentStatus>> ingest() {
    return ask(BusAddresses.INGEST_STATUS, ComponentStatus.class);
  }

  public Future<Reply<ComponentStatus>> core() {
    return ask(BusAddresses.RECONCILE_STATUS, ComponentStatus.class);
  }

  public Future<Reply<CoreComparison>> comparison() {
    return ask(BusAddresses.RECONCILE_FOUND, CoreComparison.class);
  }

  public Future<Reply<ClusterStatus>> cluster() {
    return ask(BusAddresses.CLUSTER_STATUS, ClusterStatus.class);
  }

  public Future<Reply<SettingsStatus>> settings() {
    return ask(BusAddresses.SETTINGS_STATUS, SettingsStatus.class);
  }

  private <T> Future<Reply<T>> ask(String address, Class<T> type) {
    return vertx
        .eventBus()
        .request(address, null, new DeliveryOptions(LocalRecords.LOCAL).setSendTimeout(TIMEOUT_MS))
        .map(
            reply ->
                type.isInstance(reply.body())
                    ? new Reply<>(Optional.of(type.cast(reply.body())), "", false)
                    : HostStatus.<T>silent("an answer that is no status"))
        .otherwise(HostStatus::unanswered);
  }

  private static <T> Reply<T> unanswered(Throwable failure) {
    if (failure instanceof ReplyException reply) {
      if (reply.failureType() == ReplyFailure.NO_HANDLERS) {
        return new Reply<>(Optional.empty(), "does not run on this host", true);
      }
      if (reply.failureType() == ReplyFailure.TIMEOUT) {
        return silent(
            "no answer within "
                + TIMEOUT_MS
                + " ms (expected: at once; this host is busy or stuck: see its log, or restart it)");
      }
    }
    return silent(String.valueOf(failure.getMessage()));
  }

  private static <T> Reply<T> silent(String why) {
    return new Reply<>(Optional.empty(), why, false);
  }
}
