package io.aliecs.relay.environment;

import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.journal.JournalOptions;
import java.util.Optional;

/** The bounds on what waits for Kafka. At a bound new events are refused; nothing is dropped. */
record Backlog(JournalOptions options) {
  private static final String NEXT =
      "; new events are refused, and AliECS's stream waits where it is, until Kafka takes some: see"
          + " the check publisher";

  /** Why no further event is taken, if none is; while nothing is published none adds to it. */
  Optional<String> refusal(RelayState state) {
    Outbox outbox = state.outbox();
    if (!state.settings().pluginEnabled()) {
      return Optional.empty();
    }
    if (outbox.size() >= options.backlogLimit()) {
      return Optional.of(
          outbox.size()
              + " changes wait for Kafka (expected: below "
              + options.backlogLimit()
              + ", journal.backlog-limit)"
              + NEXT);
    }
    return outbox.bytes() >= options.backlogBytes()
        ? Optional.of(
            outbox.bytes()
                + " bytes of changes wait for Kafka (expected: below "
                + options.backlogBytes()
                + ", journal.backlog-bytes)"
                + NEXT)
        : Optional.empty();
  }
}
