package io.aliecs.relay.lab.simulate.events;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.aliecs.relay.proto.events.Event;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Events with payloads that the relay does not read, in the topics that AliECS writes them to: of
 * tasks, roles, calls and integrated services. Pure.
 */
public final class ForeignEvents {
  private static final int CORE_START = 103;

  /** Where each kind goes, by the number of its payload in {@code events.Event}. */
  private static final Map<Integer, String> TOPICS =
      Map.of(
          12, "aliecs.task",
          13, "aliecs.role",
          14, "aliecs.call",
          15, "aliecs.integrated_service.dcs");

  private static final List<Integer> FIELDS = TOPICS.keySet().stream().sorted().toList();

  private ForeignEvents() {}

  /** The topics that {@link #any} writes to. */
  public static List<String> topics() {
    return TOPICS.values().stream().sorted().toList();
  }

  /** One of any kind, chosen by {@code random}. */
  public static SimulatedEvent any(Random random, String environmentId, Instant now) {
    int field = FIELDS.get(random.nextInt(FIELDS.size()));
    return event(String.valueOf(TOPICS.get(field)), field, environmentId, now);
  }

  /** The first message of every core. */
  public static SimulatedEvent coreStarted(Instant now) {
    return event(SimulatedEvent.CORE_TOPIC, CORE_START, null, now);
  }

  private static SimulatedEvent event(
      String topic, int payload, @Nullable String environmentId, Instant now) {
    UnknownFieldSet content =
        UnknownFieldSet.newBuilder()
            .mergeLengthDelimitedField(1, ByteString.copyFromUtf8("readout-dataflow.host.readout"))
            .build();
    Event.Builder event =
        Event.newBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .mergeLengthDelimitedField(payload, content.toByteString())
                    .build());
    return new SimulatedEvent(topic, environmentId, SimulatedEvent.stamp(event, now).build());
  }
}
