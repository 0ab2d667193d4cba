package io.aliecs.relay.launcher.simulate;

import io.aliecs.relay.proto.events.Event;
import org.jspecify.annotations.Nullable;

/**
 * One record of AliECS's event stream.
 *
 * @param topic {@link #ENVIRONMENT_TOPIC} or {@link #RUN_TOPIC}
 * @param key environment id; null with payloads that concern no environment
 * @param event the value
 */
public record SimulatedEvent(String topic, @Nullable String key, Event event) {
  public static final String ENVIRONMENT_TOPIC = "aliecs.environment";
  public static final String RUN_TOPIC = "aliecs.run";
}
