package io.aliecs.relay.environment;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.SettingsStatus;
import io.vertx.core.Vertx;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends the newest good settings of Consul to the journal, on the leader. Lives on one context.
 */
final class SettingsReplicator {
  private static final Logger LOG = LoggerFactory.getLogger(SettingsReplicator.class);
  private static final long RETRY_MS = 500;

  private final Vertx vertx;
  private final Clock clock;
  private final LeaderDuty leader;
  private @Nullable PublishingSettings wanted;
  private boolean appending;

  SettingsReplicator(Vertx vertx, Clock clock, LeaderDuty leader) {
    this.vertx = vertx;
    this.clock = clock;
    this.leader = leader;
  }

  void start() {
    vertx
        .eventBus()
        .<PublishingSettings>localConsumer(
            BusAddresses.SETTINGS_CHANGED, message -> want(message.body()));
  }

  /** Asks for what was read before this host led; there may be none yet. */
  void ask() {
    vertx
        .eventBus()
        .<PublishingSettings>request(BusAddresses.SETTINGS_CURRENT, null, LocalRecords.LOCAL)
        .onSuccess(reply -> want(reply.body()))
        .onFailure(failure -> LOG.debug("no settings yet: {}", failure.getMessage()));
  }

  private void want(PublishingSettings settings) {
    wanted = settings;
    reconcile();
  }

  /** Appends what is wanted unless it is in force. */
  void reconcile() {
    PublishingSettings next = wanted;
    if (next == null || appending || !leader.isLeading()) {
      return;
    }
    if (leader.now().settingsSince() != 0) {
      PublishingSettings inForce = leader.now().settings();
      if (inForce.sameAs(next)) {
        return;
      }
      if (isOlder(next, inForce)) {
        appendIfConsulAnswers(next);
        return;
      }
    }
    append(next);
  }

  /**
   * Read from Consul before what is in force was: by a host that led before this one and saw more,
   * or else Consul has started over.
   */
  private static boolean isOlder(PublishingSettings one, PublishingSettings other) {
    return one.settingsIndex() <= other.settingsIndex()
        && one.kafkaEnabledIndex() <= other.kafkaEnabledIndex()
        && (one.settingsIndex() < other.settingsIndex()
            || one.kafkaEnabledIndex() < other.kafkaEnabledIndex());
  }

  /** A host that cannot ask Consul does not undo what another one has read. */
  private void appendIfConsulAnswers(PublishingSettings older) {
    appending = true;
    vertx
        .eventBus()
        .<SettingsStatus>request(BusAddresses.SETTINGS_STATUS, null, LocalRecords.LOCAL)
        .onComplete(
            asked -> {
              appending = false;
              if (asked.succeeded() && asked.result().body().consulReachable()) {
                append(older);
              } else {
                LOG.debug("older settings than those in force, and Consul does not answer");
                vertx.setTimer(RETRY_MS, timer -> reconcile());
              }
            });
  }

  private void append(PublishingSettings next) {
    appending = true;
    leader
        .append(new Command.SettingsChanged(next, clock.millis()))
        .onComplete(
            done -> {
              appending = false;
              if (done.succeeded()) {
                reconcile();
              } else if (!FailureCode.NOT_LEADER.is(done.cause())) {
                LOG.warn(
                    "settings not in the journal yet: {}; those before stay in force, and it is"
                        + " tried again",
                    done.cause().getMessage());
                vertx.setTimer(RETRY_MS, timer -> reconcile());
              }
            });
  }
}
