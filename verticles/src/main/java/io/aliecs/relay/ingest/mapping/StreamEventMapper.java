package io.aliecs.relay.ingest.mapping;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.text.Printable;
import org.jspecify.annotations.Nullable;

/**
 * Maps a record of AliECS's stream to what it means to the relay. Pure: the same record gives the
 * same result, whatever was read before; never throws, whatever the bytes.
 */
public final class StreamEventMapper {
  /** Topic of what happens to environments. */
  public static final String ENVIRONMENTS = "aliecs.environment";

  /** Topic of runs, which backs up the other one. */
  public static final String RUNS = "aliecs.run";

  /** Topic on which every core first announces its start. */
  public static final String CORE = "aliecs.core";

  private static final long NANOS_IN_MILLI = 1_000_000;

  private StreamEventMapper() {}

  /**
   * Maps a record.
   *
   * @param source where it was read
   * @param recordTimestamp Kafka's timestamp of it, ms since epoch; only used when the event has
   *     none itself
   * @param value its bytes, null in a tombstone
   * @param workflows those that are published
   */
  public static MappingResult map(
      SourcePosition source, long recordTimestamp, byte @Nullable [] value, Workflows workflows) {
    if (value == null || value.length == 0) {
      return new MappingResult.Skipped(SkipReason.EMPTY);
    }
    try {
      return map(source, recordTimestamp, Event.parseFrom(value), workflows);
    } catch (InvalidProtocolBufferException broken) {
      return malformed(
          value.length + " bytes (expected: a protobuf events.Event): " + broken.getMessage());
    } catch (IllegalArgumentException outOfRange) {
      return malformed(String.valueOf(outOfRange.getMessage()));
    }
  }

  private static MappingResult map(
      SourcePosition source, long recordTimestamp, Event event, Workflows workflows) {
    String topic = source.partition().topic();
    boolean expected =
        switch (topic) {
          case CORE -> event.hasCoreStartEvent();
          case RUNS -> event.hasRunEvent();
          default -> event.hasEnvironmentEvent();
        };
    if (!expected) {
      return new MappingResult.Skipped(SkipReason.OTHER_PAYLOAD);
    }
    long timestamp = timestamp(event, recordTimestamp);
    if (timestamp <= 0) {
      return malformed(
          "timestamp: "
              + event.getTimestamp()
              + ", timestampNano: "
              + event.getTimestampNano()
              + ", of the record: "
              + recordTimestamp
              + " (expected: one of them above 0)");
    }
    Origin origin = new Origin(source, timestamp, instant(event, timestamp));
    return switch (topic) {
      case CORE ->
          new MappingResult.CoreStart(
              new Command.CoreStarted("core/" + origin.instant(), timestamp, source));
      case RUNS -> RunMapping.map(event.getRunEvent(), origin);
      default -> EnvironmentMapping.map(event.getEnvironmentEvent(), origin, workflows);
    };
  }

  private static long timestamp(Event event, long recordTimestamp) {
    if (event.getTimestamp() > 0) {
      return event.getTimestamp();
    }
    return event.getTimestampNano() >= NANOS_IN_MILLI
        ? event.getTimestampNano() / NANOS_IN_MILLI
        : recordTimestamp;
  }

  private static String instant(Event event, long timestamp) {
    return event.getTimestampNano() > 0 ? event.getTimestampNano() + "ns" : timestamp + "ms";
  }

  private static MappingResult malformed(String reason) {
    return new MappingResult.Malformed(Printable.text(reason));
  }
}
