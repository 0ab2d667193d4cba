package io.aliecs.relay.environment;

import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.text.LogFields;
import io.aliecs.relay.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each environment that ends, or is to be expected to, without AliECS saying so. */
final class EndLog {
  private static final Logger LOG = LoggerFactory.getLogger(EndLog.class);

  private EndLog() {}

  static void log(RelayState before, StateChanged change) {
    for (String id : change.environmentIds()) {
      Environment was = before.environments().get(id);
      if (was != null) {
        log(before, change.state(), was);
      }
    }
  }

  private static void log(RelayState before, RelayState after, Environment was) {
    Environment now = after.find(was.id());
    if (now == null) {
      return;
    }
    if (now.state().isLive()) {
      if (now.ending() != null && was.ending() == null) {
        LogFields.about(LOG.atInfo(), was.id(), null)
            .log(
                "environment {} is about to end: {}",
                Printable.text(was.id()),
                Printable.text(now.ending().reason()));
      }
      return;
    }
    if (after.inferredEnds().containsKey(was.id())
        && !before.inferredEnds().containsKey(was.id())) {
      TimelineEntry last = now.timeline().get(now.timeline().size() - 1);
      Long run = was.run() == null ? null : Long.valueOf(was.run().number());
      LogFields.about(LOG.atWarn(), was.id(), run)
          .log(
              "environment {}{} has ended: {}",
              Printable.text(was.id()),
              run == null ? "" : " with run " + run,
              Printable.text(last.reason()));
    }
  }
}
