package io.aliecs.relay.bus;

import io.aliecs.relay.bus.status.ClusterChange;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.bus.status.CoreComparison;
import io.aliecs.relay.bus.status.CoreEnvironments;
import io.aliecs.relay.domain.command.Command;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lets immutable records go over the bus of one host as they are, without a copy.
 *
 * <p>Send them with {@link #LOCAL}; a record that leaves the host is refused.
 */
public final class LocalRecords {
  /** For what must stay on this host. */
  public static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private static final List<Class<?>> TYPES =
      Stream.concat(
              Arrays.stream(Command.class.getPermittedSubclasses()),
              Stream.<Class<?>>of(
                  io.aliecs.relay.domain.message.PublishingSettings.class,
                  io.aliecs.relay.settings.SettingsStatus.class,
                  EventBatch.class,
                  EventBatchReply.class,
                  TransitionReply.class,
                  HostState.class,
                  StateChanged.class,
                  Leadership.class,
                  ClusterStatus.class,
                  ClusterChange.class,
                  CoreEnvironments.class,
                  CoreComparison.class,
                  ComponentStatus.class))
          .toList();

  private LocalRecords() {}

  /** Registers a codec for each of our records; once for each Vert.x instance. */
  public static void register(Vertx vertx) {
    TYPES.forEach(type -> register(vertx, type));
  }

  /** Registers a codec for one more record; once for each Vert.x instance. */
  public static <T> void register(Vertx vertx, Class<T> type) {
    EventBus bus = vertx.eventBus();
    bus.registerDefaultCodec(type, new AsItIs<>(type.getName()));
  }

  private record AsItIs<T>(String name) implements MessageCodec<T, T> {
    @Override
    public void encodeToWire(Buffer buffer, T value) {
      throw new IllegalStateException(name + " does not leave its host (expected: localOnly)");
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException(name + " does not leave its host (expected: localOnly)");
    }

    @Override
    public T transform(T value) {
      return value;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
