package io.aliecs.relay.launcher.simulate;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.aliecs.relay.proto.events.Event;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Events with payloads that the relay does not read: of tasks, roles, calls, heartbeats. Pure. */
public final class ForeignEvents {
  /** Field numbers of payloads about an environment: task, role, call, integrated service. */
  private static final List<Integer> OF_ENVIRONMENTS = List.of(12, 13, 14, 15);

  /** Field numbers of payloads about none: framework, Mesos heartbeat. */
  private static final List<Integer> OF_THE_CORE = List.of(101, 102);

  private ForeignEvents() {}

  /** One of any kind, chosen by {@code random}. */
  public static SimulatedEvent any(Random random, String environmentId, Instant now) {
    return random.nextInt(4) == 0
        ? event(OF_THE_CORE.get(random.nextInt(OF_THE_CORE.size())), null, now)
        : event(OF_ENVIRONMENTS.get(random.nextInt(OF_ENVIRONMENTS.size())), environmentId, now);
  }

  /** One with the payload that has {@code field} as its number in {@code events.Event}. */
  public static SimulatedEvent event(int field, @Nullable String environmentId, Instant now) {
    UnknownFieldSet content =
        UnknownFieldSet.newBuilder()
            .addField(1, bytes(ByteString.copyFromUtf8("readout-dataflow.host.readout")))
            .build();
    Event event =
        Event.newBuilder()
            .setTimestamp(now.toEpochMilli())
            .setTimestampNano(TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano())
            .setUnknownFields(
                UnknownFieldSet.newBuilder().addField(field, bytes(content.toByteString())).build())
            .build();
    return new SimulatedEvent(SimulatedEvent.ENVIRONMENT_TOPIC, environmentId, event);
  }

  private static UnknownFieldSet.Field bytes(ByteString content) {
    return UnknownFieldSet.Field.newBuilder().addLengthDelimited(content).build();
  }
}
