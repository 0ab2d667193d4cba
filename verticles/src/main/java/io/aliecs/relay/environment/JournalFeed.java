package io.aliecs.relay.environment;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.journal.JournalListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import java.time.Clock;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the state and who leads on the bus of this host, in journal order. The journal notifies
 * it on its own threads; the rest is on one context.
 */
final class JournalFeed implements JournalListener {
  private static final Logger LOG = LoggerFactory.getLogger(JournalFeed.class);

  private final EventBus bus;
  private final Context context;
  private final Clock clock;
  private Runnable changed = () -> {};
  private Runnable beginsToLead = () -> {};
  private final Counter skips;

  /** Applied and not published yet; entries that come faster than they are published are merged. */
  private final AtomicReference<@Nullable StateChanged> pending = new AtomicReference<>();

  /** Whether all that was safe when this host started is applied; nothing is published before. */
  private boolean replayed;

  private StateChanged newest = new StateChanged(-1, RelayState.EMPTY, Set.of(), 0);
  private Leadership leadership = new Leadership(false, 0, "");
  private @Nullable String brokenBecause;

  /** The last entry of the journal that was skipped, for people; empty for none. */
  private String skipped = "";

  /**
   * Publishes nothing yet.
   *
   * @param context that of the verticle; everything but {@link JournalListener} is for it
   */
  JournalFeed(EventBus bus, Context context, Clock clock, MeterRegistry meters) {
    this.bus = bus;
    this.context = context;
    this.clock = clock;
    this.skips =
        Counter.builder("relay.journal.skipped")
            .description("Journal entries that cannot be applied and were skipped, since the start")
            .register(meters);
  }

  /**
   * Answers requests for the state.
   *
   * @param changed runs after each change of it
   * @param beginsToLead runs when this host has begun to lead
   */
  void start(Runnable changed, Runnable beginsToLead) {
    this.changed = changed;
    this.beginsToLead = beginsToLead;
    bus.<Object>localConsumer(BusAddresses.HOST_STATE, this::replyState);
  }

  /** The newest state. */
  RelayState state() {
    return newest.state();
  }

  /** Who leads, as it was published last. */
  Leadership leadership() {
    return leadership;
  }

  /** Whether this host leads a journal that can be written. */
  boolean isLeading() {
    return leadership.leading() && brokenBecause == null;
  }

  /** Why the journal cannot go on, if it cannot. */
  Optional<String> broken() {
    return Optional.ofNullable(brokenBecause);
  }

  /** The last entry that was skipped, to be appended to a sentence; empty for none. */
  String skipped() {
    return skipped;
  }

  /** This host is about to stop: it leads no more, which is not published. */
  void resign() {
    leadership = new Leadership(false, leadership.term(), "");
  }

  @Override
  public void applied(long index, RelayState state, Set<String> environmentIds) {
    StateChanged change = new StateChanged(index, state, environmentIds, clock.millis());
    StateChanged before = pending.getAndAccumulate(change, JournalFeed::merge);
    if (before == null) {
      context.runOnContext(ignored -> publish());
    }
  }

  @Override
  public void skipped(long index, String reason) {
    skips.increment();
    context.runOnContext(
        ignored ->
            skipped = "; journal entry " + index + " cannot be applied and is skipped: " + reason);
  }

  @Override
  public void leadership(Leadership changed) {
    context.runOnContext(ignored -> lead(changed));
  }

  @Override
  public void broken(String reason) {
    context.runOnContext(
        ignored -> {
          brokenBecause = reason;
          lead(new Leadership(false, leadership.term(), ""));
        });
  }

  @Override
  public void recovered() {
    context.runOnContext(ignored -> brokenBecause = null);
  }

  private static @Nullable StateChanged merge(
      @Nullable StateChanged before, @Nullable StateChanged now) {
    if (before == null || now == null) {
      return now;
    }
    Set<String> ids = new HashSet<>(before.environmentIds());
    ids.addAll(now.environmentIds());
    return new StateChanged(now.index(), now.state(), ids, now.appliedAt());
  }

  private void publish() {
    StateChanged change = pending.getAndSet(null);
    if (change == null) {
      return;
    }
    RelayState before = newest.state();
    newest = change;
    if (replayed) {
      EndLog.log(before, change);
      bus.publish(BusAddresses.ENVIRONMENT_CHANGED, change, LocalRecords.LOCAL);
    }
    changed.run();
  }

  private void replyState(Message<Object> message) {
    if (replayed) {
      message.reply(new HostState(newest, leadership), LocalRecords.LOCAL);
    } else {
      message.fail(FailureCode.NOT_READY.code(), "the journal is not replayed yet");
    }
  }

  /** All that was safe when this host started is applied: from now on changes are published. */
  void caughtUp() {
    if (!replayed) {
      publish(); // what was applied last may still be pending
      replayed = true;
      bus.publish(BusAddresses.ENVIRONMENT_CHANGED, newest, LocalRecords.LOCAL);
    }
  }

  /** A follower has lost its leader, or found it again. */
  void lookedAt(Leadership changed) {
    if (brokenBecause == null) {
      lead(changed);
    }
  }

  private void lead(Leadership now) {
    if (now.equals(leadership)) {
      return;
    }
    LOG.info(
        "term {}: {}",
        now.term(),
        now.leading() ? "this host leads" : "leader is '" + now.leaderId() + "'");
    leadership = now;
    if (now.leading()) {
      caughtUp();
      beginsToLead.run();
    }
    bus.publish(BusAddresses.LEADERSHIP_CHANGED, leadership, LocalRecords.LOCAL);
  }
}
