package io.aliecs.relay.bus;

import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.proto.journal.EnvironmentEventRecord;
import io.aliecs.relay.proto.journal.Names;
import io.aliecs.relay.proto.journal.Position;
import io.aliecs.relay.settings.Requirement;
import io.aliecs.relay.text.Printable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Environment events as JSON and as protobuf. What is wrong gives an {@link
 * IllegalArgumentException} that names the field, what was found and what was expected.
 */
public final class EventMessages {
  /**
   * The newest version of messages that this one understands. It changes only when an older reader
   * would do the wrong thing; fields that it may skip are added without.
   */
  public static final int VERSION = 1;

  private static final Set<String> FIELDS =
      Set.of(
          "version",
          "eventId",
          "environmentId",
          "moment",
          "transition",
          "state",
          "runNumber",
          "runType",
          "detectors",
          "kafkaEnabled",
          "workflow",
          "workflowMeant",
          "timestamp",
          "enteredAt",
          "observed");

  private EventMessages() {}

  /** The fields of a message that mean nothing to this version and are skipped. */
  public static List<String> unknownFields(JsonObject json) {
    if (FIELDS.containsAll(json.fieldNames())) {
      return List.of();
    }
    return json.fieldNames().stream().filter(field -> !FIELDS.contains(field)).sorted().toList();
  }

  /**
   * Reads an event from JSON; fields that are not known are skipped.
   *
   * @param now used when it has no {@code timestamp}, ms since epoch
   */
  public static EnvironmentEvent fromJson(JsonObject json, long now) {
    Long version = whole(json, "version");
    requireVersion(version == null ? VERSION : version);
    Long timestamp = whole(json, "timestamp");
    return EnvironmentEvent.builder(
            required(json, "environmentId"),
            constant("moment", EventType.class, required(json, "moment")),
            timestamp == null ? now : timestamp)
        .eventId(required(json, "eventId"))
        .transition(optional("transition", Transition.class, text(json, "transition")))
        .state(optional("state", State.class, text(json, "state")))
        .runNumber(whole(json, "runNumber"))
        .runType(text(json, "runType"))
        .detectors(names(json))
        .kafkaEnabled(field(json, "kafkaEnabled", Boolean.class, "true or false"))
        .workflow(text(json, "workflow"))
        .workflowMeant(field(json, "workflowMeant", Boolean.class, "true or false"))
        .enteredAt(whole(json, "enteredAt"))
        .observed(Boolean.TRUE.equals(field(json, "observed", Boolean.class, "true or false")))
        .build();
  }

  private static void requireVersion(long version) {
    if (version < 1 || version > VERSION) {
      throw invalid("version", Long.toString(version), "1 to " + VERSION);
    }
  }

  /** Writes an event as protobuf. */
  public static EnvironmentEventRecord toProto(EnvironmentEvent event) {
    EnvironmentEventRecord.Builder record =
        EnvironmentEventRecord.newBuilder()
            .setEventId(event.eventId())
            .setEnvironmentId(event.environmentId())
            .setMoment(event.type().name())
            .setTimestamp(event.timestamp())
            .setObserved(event.observed());
    if (event.transition() != null) {
      record.setTransition(event.transition().name());
    }
    if (event.state() != null) {
      record.setState(event.state().name());
    }
    if (event.runNumber() != null) {
      record.setRunNumber(event.runNumber().intValue());
    }
    if (event.runType() != null) {
      record.setRunType(event.runType());
    }
    if (event.detectors() != null) {
      record.setDetectors(Names.newBuilder().addAllName(event.detectors()));
    }
    if (event.kafkaEnabled() != null) {
      record.setKafkaEnabled(event.kafkaEnabled());
    }
    if (event.workflow() != null) {
      record.setWorkflow(event.workflow());
    }
    if (event.workflowMeant() != null) {
      record.setWorkflowMeant(event.workflowMeant());
    }
    if (event.enteredAt() != null) {
      record.setEnteredAt(event.enteredAt());
    }
    if (event.source() != null) {
      record.setSource(toProto(event.source()));
    }
    return record.build();
  }

  /** Writes a place in AliECS's stream. */
  public static Position toProto(SourcePosition source) {
    return Position.newBuilder()
        .setTopic(source.partition().topic())
        .setPartition(source.partition().partition())
        .setOffset(source.offset())
        .build();
  }

  /** Reads a place in AliECS's stream. */
  public static SourcePosition fromProto(Position source) {
    return new SourcePosition(
        new SourcePartition(source.getTopic(), source.getPartition()), source.getOffset());
  }

  /**
   * Reads an event from protobuf.
   *
   * @param now used when it has no timestamp, ms since epoch
   */
  public static EnvironmentEvent fromProto(EnvironmentEventRecord record, long now) {
    requireVersion(record.getVersion() == 0 ? VERSION : record.getVersion());
    return EnvironmentEvent.builder(
            record.getEnvironmentId(),
            constant("moment", EventType.class, record.getMoment()),
            record.getTimestamp() == 0 ? now : record.getTimestamp())
        .eventId(record.getEventId())
        .transition(optional("transition", Transition.class, record.getTransition()))
        .state(optional("state", State.class, record.getState()))
        .runNumber(record.hasRunNumber() ? Integer.toUnsignedLong(record.getRunNumber()) : null)
        .runType(record.hasRunType() ? record.getRunType() : null)
        .detectors(record.hasDetectors() ? record.getDetectors().getNameList() : null)
        .kafkaEnabled(record.hasKafkaEnabled() ? record.getKafkaEnabled() : null)
        .workflow(record.hasWorkflow() ? record.getWorkflow() : null)
        .workflowMeant(record.hasWorkflowMeant() ? record.getWorkflowMeant() : null)
        .enteredAt(record.hasEnteredAt() ? record.getEnteredAt() : null)
        .observed(record.getObserved())
        .source(record.hasSource() ? fromProto(record.getSource()) : null)
        .build();
  }

  private static String required(JsonObject json, String field) {
    String value = text(json, field);
    if (value == null) {
      throw invalid(field, "absent", "a text");
    }
    return value;
  }

  private static @Nullable String text(JsonObject json, String field) {
    return field(json, field, String.class, "a text");
  }

  private static @Nullable Long whole(JsonObject json, String field) {
    Number number = field(json, field, Number.class, "a whole number");
    if (number == null) {
      return null;
    }
    if (number.doubleValue() != number.longValue()) {
      throw invalid(field, number.toString(), "a whole number");
    }
    return number.longValue();
  }

  private static @Nullable List<String> names(JsonObject json) {
    JsonArray array = field(json, "detectors", JsonArray.class, "a list of texts");
    if (array == null) {
      return null;
    }
    return array.stream()
        .map(
            name -> {
              if (name instanceof String text) {
                return text;
              }
              throw invalid("detectors", String.valueOf(name), "a list of texts");
            })
        .toList();
  }

  private static <T> @Nullable T field(
      JsonObject json, String field, Class<T> type, String expected) {
    Object value = json.getValue(field);
    if (value == null) {
      return null;
    }
    if (!type.isInstance(value)) {
      throw invalid(field, String.valueOf(value), expected);
    }
    return type.cast(value);
  }

  private static <E extends Enum<E>> @Nullable E optional(
      String field, Class<E> type, @Nullable String name) {
    return name == null || name.isEmpty() ? null : constant(field, type, name);
  }

  private static <E extends Enum<E>> E constant(String field, Class<E> type, String name) {
    try {
      return Enum.valueOf(type, name);
    } catch (IllegalArgumentException none) {
      throw invalid(field, "\"" + name + "\"", Arrays.toString(type.getEnumConstants()));
    }
  }

  private static IllegalArgumentException invalid(String field, String found, String expected) {
    return Requirement.unmet(field, Printable.text(found, 80), expected);
  }
}
