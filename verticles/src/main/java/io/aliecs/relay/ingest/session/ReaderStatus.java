package io.aliecs.relay.ingest.session;

import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.retry.ReasonsSaid;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the ingest is; logs each change. Thread safe. */
public final class ReaderStatus {
  private static final Logger LOG = LoggerFactory.getLogger(ReaderStatus.class);

  private final Clock clock;
  private final ReasonsSaid reasons = new ReasonsSaid();
  private volatile ComponentStatus current;

  public ReaderStatus(Clock clock) {
    this.clock = clock;
    current = new ComponentStatus(true, "waiting", "", clock.millis());
  }

  public ComponentStatus current() {
    return current;
  }

  /** It is not to be read at all. */
  public void off(String reason) {
    become(true, "off", reason);
  }

  /**
   * Something has to happen first.
   *
   * @param healthy whether that is as it should be
   */
  public void waiting(boolean healthy, String reason) {
    become(healthy, "waiting", reason);
  }

  /** A new try; what made the one before fail stays to be seen until it works. */
  public void connecting(String servers) {
    if (current.state().equals("failing")) {
      return;
    }
    become(true, "connecting", "to " + servers);
  }

  /**
   * Everything that comes is read.
   *
   * @param problem why that is not all there should be, empty when it is
   */
  void reading(String problem) {
    if (problem.isEmpty()) {
      become(true, "reading", "");
    } else {
      become(false, "incomplete", problem);
    }
  }

  /**
   * What was there when reading began is not all in the journal: what AliECS's core has now is not
   * compared with it.
   *
   * @param problem as for {@link #reading}
   */
  void catchingUp(String problem) {
    become(problem.isEmpty(), "catching up", problem);
  }

  /** What is wrong with the topics though more comes of others; how far it has come stays. */
  synchronized void looked(String problem) {
    switch (current.state()) {
      case "reading", "incomplete" -> reading(problem);
      case "catching up" -> catchingUp(problem);
      default -> failing(problem);
    }
  }

  /** It cannot be read; it is tried again all the time. */
  public void failing(String reason) {
    become(false, "failing", reason);
  }

  private synchronized void become(boolean healthy, String state, String reason) {
    ComponentStatus before = current;
    current = before.become(healthy, state, reason, clock.millis());
    boolean failing = state.equals("failing");
    if (!failing) {
      reasons.over();
    }
    boolean other = !before.state().equals(state) || before.healthy() != healthy;
    if (failing ? reasons.isNew(reason) : other) {
      if (healthy) {
        LOG.info("AliECS's event stream: {}{}", state, reason.isEmpty() ? "" : " (" + reason + ")");
      } else {
        LOG.warn("AliECS's event stream: {} ({})", state, reason);
      }
    }
  }
}
