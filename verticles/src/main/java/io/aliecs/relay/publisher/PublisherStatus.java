package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.retry.ReasonsSaid;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the publisher says of itself; a failure is logged when it is another one. For one thread.
 */
final class PublisherStatus {
  private static final Logger LOG = LoggerFactory.getLogger(PublisherStatus.class);
  private static final String FAILING = "failing";

  private static final String NEXT =
      "what is pending is kept, and goes out when it works: it is tried again every 2 s or so";

  private final Clock clock;
  private final ReasonsSaid reasons = new ReasonsSaid();
  private ComponentStatus current;

  PublisherStatus(Clock clock) {
    this.clock = clock;
    this.current =
        new ComponentStatus(
            false,
            "waiting",
            "not started yet; it begins when the journal is replayed",
            clock.millis());
  }

  ComponentStatus current() {
    return current;
  }

  boolean isFailing() {
    return current.state().equals(FAILING);
  }

  void become(boolean healthy, String state, String reason) {
    if (!state.equals(FAILING)) {
      reasons.over();
    }
    current = current.become(healthy, state, reason, clock.millis());
  }

  /**
   * All that was sent is in Kafka.
   *
   * @param others who else writes there, and other things to say
   */
  void publishing(Publishing open, Outbox outbox, List<String> others) {
    List<String> troubles = new ArrayList<>(open.session().refusals().blockedTopics().values());
    if (!open.missing().isEmpty()) {
      troubles.add(open.missing());
    }
    outbox.parked().values().stream()
        .filter(message -> !message.awaitsTopic())
        .min(Comparator.comparing(ParkedMessage::key))
        .ifPresent(first -> troubles.add(parked(first, outbox)));
    troubles.addAll(others);
    become(troubles.isEmpty(), "publishing", String.join("; ", troubles));
  }

  private static String parked(ParkedMessage first, Outbox outbox) {
    long all = outbox.parked().values().stream().filter(one -> !one.awaitsTopic()).count();
    return all
        + (all == 1 ? " message is parked: " : " messages are parked, the first: ")
        + first.reason()
        + " (expected: one that takes it; raise max.message.bytes of the topic, then it goes out by"
        + " itself)";
  }

  void failing(Throwable cause) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    if (reasons.isNew(reason)) {
      LOG.warn("cannot publish: {}; {}", reason, NEXT);
    }
    become(false, FAILING, reason + "; " + NEXT);
  }
}
