package io.aliecs.relay.lab.simulate.events;

import io.aliecs.relay.proto.events.Event;
import java.nio.charset.StandardCharsets;
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

  /** The key as it is written. */
  public byte @Nullable [] keyBytes() {
    return key == null ? null : key.getBytes(StandardCharsets.UTF_8);
  }

  /** The same at another time. */
  public SimulatedEvent at(Instant now) {
    return new SimulatedEvent(topic, key, stamp(event.toBuilder(), now).build());
  }

  /** Gives an event the two times that AliECS gives it. */
  static Event.Builder stamp(Event.Builder event, Instant now) {
    long nanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    return event.setTimestamp(now.toEpochMilli()).setTimestampNano(nanos);
  }
}
