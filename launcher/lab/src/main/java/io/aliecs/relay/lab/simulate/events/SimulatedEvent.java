package io.aliecs.relay.lab.simulate.events;

import io.aliecs.relay.proto.events.Event;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One record of AliECS's event stream.
 *
 * @param topic one of AliECS's
 * @param key environment id, or that of a task; null with payloads that concern neither
 * @param event the value
 */
public record SimulatedEvent(String topic, @Nullable String key, Event event) {
  public static final String ENVIRONMENT_TOPIC = "aliecs.environment";
  public static final String RUN_TOPIC = "aliecs.run";
  public static final String CORE_TOPIC = "aliecs.core";

  /** The topics that the relay reads. */
  public static final List<String> SOURCE_TOPICS =
      List.of(ENVIRONMENT_TOPIC, RUN_TOPIC, CORE_TOPIC);

  /** The same at another time. */
  public SimulatedEvent at(Instant now) {
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    Event later =
        event.toBuilder().setTimestamp(now.toEpochMilli()).setTimestampNano(nanos).build();
    return new SimulatedEvent(topic, key, later);
  }
}
