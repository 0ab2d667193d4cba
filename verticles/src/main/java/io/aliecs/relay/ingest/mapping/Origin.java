package io.aliecs.relay.ingest.mapping;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.Trace;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import org.jspecify.annotations.Nullable;

/**
 * Where and when an event was.
 *
 * @param timestamp ms since epoch
 * @param instant the same as exactly as the event has it, with its unit
 */
record Origin(SourcePosition source, long timestamp, String instant) {
  private static final int MAX_ID = 256;
  private static final int READABLE = 180;
  private static final int HASH_BYTES = 16;

  /** Starts an observed event. */
  EnvironmentEvent.Builder event(String environmentId, EventType type, String eventId) {
    return EnvironmentEvent.builder(environmentId, type, timestamp)
        .eventId(eventId)
        .observed(true)
        .source(source);
  }

  /**
   * An id made of the content of the event and not of where it is, so that the same event written
   * twice has the same. Bounded: of a long one only the beginning can be read, the rest is a hash.
   */
  String eventId(String environmentId, String... content) {
    String id = environmentId + "/" + instant + "/" + String.join("/", content);
    return id.length() <= MAX_ID
        ? id
        : id.substring(0, READABLE) + "~" + Trace.hash(id, HASH_BYTES);
  }

  /** The number on the wire as the relay has it: 0 means that there is none. */
  static @Nullable Long runNumber(int uint32) {
    return uint32 == 0 ? null : Long.valueOf(Integer.toUnsignedLong(uint32));
  }
}
