package io.aliecs.relay.environment;

import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.aliecs.relay.text.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** One line for each environment that ends, or is to be expected to, without AliECS saying so. */
final class EndLog {
  private static final Logger LOG = LoggerFactory.getLogger(EndLog.class);

  private EndLog() {}

  static void tell(RelayState before, StateChanged change) {
    for (String id : change.environmentIds()) {
      Environment was = before.environments().get(id);
      if (was != null) {
        tell(before, change.state(), was);
      }
    }
  }

  private static void tell(RelayState before, RelayState after, Environment was) {
    Environment now = after.find(was.id());
    String id = Printable.text(was.id());
    if (now == null) {
      return;
    }
    if (now.state().isLive()) {
      if (now.ending() != null && was.ending() == null) {
        LOG.atInfo()
            .addKeyValue("environment", was.id())
            .log("environment {} is about to end: {}", id, Printable.text(now.ending().reason()));
      }
      return;
    }
    if (after.inferredEnds().containsKey(was.id())
        && !before.inferredEnds().containsKey(was.id())) {
      TimelineEntry last = now.timeline().get(now.timeline().size() - 1);
      String run = was.run() == null ? "" : " with run " + was.run().number();
      LoggingEventBuilder line = LOG.atWarn().addKeyValue("environment", was.id());
      if (was.run() != null) {
        line = line.addKeyValue("run", was.run().number());
      }
      line.log("environment {}{} has ended: {}", id, run, Printable.text(last.reason()));
    }
  }
}
