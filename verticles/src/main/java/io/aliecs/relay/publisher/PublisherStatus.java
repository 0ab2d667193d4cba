package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.ComponentStatus;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the publisher says of itself; a failure is logged when it is another one. For one thread.
 */
final class PublisherStatus {
  private static final Logger LOG = LoggerFactory.getLogger(PublisherStatus.class);
  private static final String FAILING = "failing";

  private final Clock clock;
  private ComponentStatus current;

  PublisherStatus(Clock clock) {
    this.clock = clock;
    this.current = new ComponentStatus(false, "waiting", "not started", clock.millis());
  }

  ComponentStatus current() {
    return current;
  }

  boolean isFailing() {
    return current.state().equals(FAILING);
  }

  void become(boolean healthy, String state, String reason) {
    current = current.become(healthy, state, reason, clock.millis());
  }

  void failing(Throwable cause) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (!isFailing() || !current.reason().equals(reason)) {
      LOG.warn("cannot publish: {}; what is pending is kept", reason);
    }
    become(false, FAILING, reason);
  }
}
