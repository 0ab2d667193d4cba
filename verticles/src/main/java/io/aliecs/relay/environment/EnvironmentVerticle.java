package io.aliecs.relay.environment;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.hosts.ClusterWatch;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.journal.ReopeningJournal;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.EventBus;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tracks every environment: takes events from the bus, has the journal make them safe, and
 * publishes on the bus of this host what changed, in journal order.
 *
 * <p>Takes {@link BusAddresses#ENVIRONMENT_TRANSITION} on every host and hands it to the one that
 * leads, in the order it came. Takes {@link BusAddresses#JOURNAL_APPEND} only while this host
 * leads.
 */
public final class EnvironmentVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentVerticle.class);

  private static final long NAME_AGAIN_MS = 500;

  private final JournalOptions options;
  private final HistoryOptions history;
  private final MeterRegistry meters;
  private final Clock clock;
  private final Backlog backlog;
  private ComponentStatus status;

  /** Ends what was started, in order. */
  private Supplier<Future<?>> ending = Future::succeededFuture;

  /**
   * @param clock gives events without a timestamp theirs
   */
  public EnvironmentVerticle(
      JournalOptions options, HistoryOptions history, MeterRegistry meters, Clock clock) {
    this.options = options;
    this.history = history;
    this.meters = meters;
    this.clock = clock;
    this.backlog = new Backlog(options);
    this.status = new ComponentStatus(false, "waiting", "not started", clock.millis());
  }

  @Override
  public Future<?> start() {
    EventBus bus = vertx.eventBus();
    JournalFeed feed = new JournalFeed(bus, context, clock, meters);
    ReopeningJournal journal = new ReopeningJournal(vertx, context, options, feed);
    EventIntake intake = new EventIntake(vertx, context, backlog, feed, journal, meters, clock);
    LeaderDuty leader =
        new LeaderDuty(feed::isLeading, feed::state, command -> intake.write(List.of(command)));
    SettingsReplicator settings = new SettingsReplicator(vertx, clock, leader);
    ClusterWatch cluster =
        new ClusterWatch(
            vertx, options, journal::current, feed::leadership, feed::lookedAt, feed::caughtUp);
    feed.start(settings::reconcile, () -> beginToLead(leader, settings));
    bus.localConsumer(
        BusAddresses.JOURNAL_STATUS, m -> m.reply(status(feed, cluster), LocalRecords.LOCAL));
    intake.start();
    settings.start();
    new Retention(vertx, history, clock, leader).start();
    new EndKeeper(vertx, history, clock, leader).start();
    cluster.start(meters);
    ending =
        () -> {
          feed.resign();
          return intake.stop().eventually(cluster::stop).eventually(journal::close);
        };
    return journal.open().onSuccess(opened -> beginToLead(leader, settings));
  }

  @Override
  public Future<?> stop() {
    return ending.get();
  }

  /** Whether events are taken, here or on the leader, and why not. */
  private ComponentStatus status(JournalFeed feed, ClusterWatch cluster) {
    Optional<String> broken = feed.broken();
    Optional<String> full = backlog.refusal(feed.state());
    String leader = feed.leadership().leaderId();
    long now = clock.millis();
    if (broken.isPresent()) {
      status = status.become(false, "broken", broken.get(), now);
    } else if (leader.isEmpty()) {
      status = status.become(false, "waiting", cluster.whyLeaderless(), now);
    } else if (full.isPresent()) {
      status = status.become(false, "full", full.get(), now);
    } else {
      String state = feed.leadership().leading() ? "leading" : "following";
      String problems = cluster.problems();
      String other = (problems.isEmpty() ? "" : "; " + problems) + feed.skipped();
      status = status.become(true, state, leader + " leads" + other, now);
    }
    return status;
  }

  /** The first work of a leader, if this host leads. */
  private void beginToLead(LeaderDuty leader, SettingsReplicator settings) {
    if (leader.isLeading()) {
      nameJournal(leader);
      settings.ask();
    }
  }

  /** As long as this host leads a journal that has no name. */
  private void nameJournal(LeaderDuty leader) {
    if (leader.isLeading() && leader.now().journalId().isEmpty()) {
      leader
          .append(new Command.JournalCreated(UUID.randomUUID().toString()))
          .onFailure(
              failure -> {
                LOG.warn("cannot name the journal: {}; it is tried again", failure.getMessage());
                vertx.setTimer(NAME_AGAIN_MS, timer -> nameJournal(leader));
              });
    }
  }
}
