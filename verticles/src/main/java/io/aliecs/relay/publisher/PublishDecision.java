package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.publisher.records.Deadline;
import java.util.Set;

/** What this host knows, and what it is to do by that: publish, flush, follow or rest. */
final class PublishDecision {
  private final Deadline flush;
  private StateChanged newest = new StateChanged(-1, RelayState.EMPTY, Set.of(), 0);
  private Leadership leadership = new Leadership(false, 0, "");
  private boolean stopping;

  /**
   * Nothing is known yet.
   *
   * @param flush how long what is pending may go out after the plugin was turned off, or at the end
   */
  PublishDecision(Deadline flush) {
    this.flush = flush;
  }

  void observe(StateChanged change) {
    if (change.index() > newest.index()) {
      newest = change;
    }
  }

  void observe(Leadership change) {
    leadership = change;
  }

  void stop() {
    stopping = true;
    flush.begin();
  }

  RelayState state() {
    return newest.state();
  }

  PublishingSettings settings() {
    return state().settings();
  }

  Outbox outbox() {
    return state().outbox();
  }

  long generation() {
    return state().generation();
  }

  /** Whether this host is to publish. */
  boolean isOn() {
    return leadership.leading() && !stopping && settings().pluginEnabled();
  }

  /** The term in which this host leads or follows. */
  long term() {
    return leadership.term();
  }

  /** Whether this host leads, and has since that term began. */
  boolean leadsIn(long term) {
    return leadership.leading() && leadership.term() == term;
  }

  /** Whether it is to publish, and for the settings that this session is of. */
  boolean isWanted(Publishing open) {
    return isOn() && generation() == open.generation();
  }

  /** After the plugin was turned off, or at the end, what is pending may go out for a while. */
  boolean isFlushing(Publishing open) {
    boolean off = leadership.leading() && (stopping || !settings().pluginEnabled());
    if (!off) {
      flush.reset();
      return false;
    }
    flush.beginOnce();
    return !outbox().after(open.sent(), 1).isEmpty() && !flush.isOver();
  }

  /** A session is closed: the next end has its own time. */
  void flushed() {
    flush.reset();
  }

  /** Whether another host publishes, and this one may have to at any moment. */
  boolean isFollowing() {
    return !leadership.leading()
        && !leadership.leaderId().isEmpty()
        && !stopping
        && settings().pluginEnabled();
  }

  /** Why this host does not publish, or not by the settings that it did, and what comes next. */
  String whyOff() {
    if (isOn()) {
      return "the settings have changed; it goes on by the new ones";
    }
    if (stopping) {
      return "shutting down";
    }
    if (!leadership.leading()) {
      return leadership.leaderId().isEmpty()
          ? "this host does not lead, and no other does (expected: one; see the check leader)"
          : "this host does not lead; " + leadership.leaderId() + " publishes";
    }
    String why = state().whyPluginOff();
    return why == null
        ? "the settings have changed"
        : why + "; environments are tracked, and publishing starts when that changes";
  }
}
