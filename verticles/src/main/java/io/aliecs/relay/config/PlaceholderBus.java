package io.aliecs.relay.config;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;

/** Stands in for the bus package until it is there. */
final class PlaceholderBus {

  static final String SETTINGS_CHANGED = "aliecs.relay.settings.changed";
  static final String SETTINGS_CURRENT = "aliecs.relay.settings.current";
  static final String SETTINGS_STATUS = "aliecs.relay.settings.status";
  static final int NOT_READY = 503;

  private PlaceholderBus() {}

  static <T> void register(EventBus bus, Class<T> type) {
    try {
      bus.registerDefaultCodec(type, new Local<>(type));
    } catch (IllegalStateException alreadyThere) {
      return;
    }
  }

  private record Local<T>(Class<T> type) implements MessageCodec<T, T> {
    @Override
    public void encodeToWire(Buffer buffer, T body) {
      throw new UnsupportedOperationException("local only");
    }

    @Override
    public T decodeFromWire(int position, Buffer buffer) {
      throw new UnsupportedOperationException("local only");
    }

    @Override
    public T transform(T body) {
      return body;
    }

    @Override
    public String name() {
      return type.getName();
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
