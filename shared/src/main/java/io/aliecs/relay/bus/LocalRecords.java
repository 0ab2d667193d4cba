package io.aliecs.relay.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import java.util.List;

/**
 * Lets immutable records go over the bus of one host as they are, without a copy.
 *
 * <p>Send them with {@link #LOCAL}; a record that leaves the host is refused.
 */
public final class LocalRecords {
  /** For what must stay on this host. */
  public static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private static final List<Class<?>> TYPES =
      List.of(
          io.aliecs.relay.domain.EnvironmentEvent.class,
          io.aliecs.relay.domain.Command.JournalCreated.class,
          io.aliecs.relay.domain.Command.SettingsChanged.class,
          io.aliecs.relay.domain.Command.SourceJoined.class,
          io.aliecs.relay.domain.Command.SourceMoved.class,
          io.aliecs.relay.domain.Command.PublishingStarted.class,
          io.aliecs.relay.domain.Command.Delivered.class,
          io.aliecs.relay.domain.Command.Parked.class,
          io.aliecs.relay.domain.Command.Resent.class,
          io.aliecs.relay.domain.PublishingSettings.class,
          io.aliecs.relay.settings.SettingsStatus.class,
          EventBatch.class,
          EventBatchReply.class,
          TransitionReply.class,
          StateChanged.class,
          Leadership.class,
          ClusterStatus.class,
          ComponentStatus.class);

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
