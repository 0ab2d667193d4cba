package io.aliecs.relay.bus;

import io.aliecs.relay.domain.command.EnvironmentEvent;
import java.util.List;

/**
 * Events of one source that are made safe together, in this order: all of them, or the request
 * fails and none is.
 */
public record EventBatch(List<EnvironmentEvent> events) {
  public EventBatch {
    events = List.copyOf(events);
  }
}
