package io.aliecs.relay.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.MessageCodec;

/**
 * Lets immutable records go over the bus of one host as they are, without a copy.
 *
 * <p>Send them with {@link #LOCAL}; a record that leaves the host is refused.
 */
public final class LocalRecords {
  /** For what must stay on this host. */
  public static final DeliveryOptions LOCAL = new DeliveryOptions().setLocalOnly(true);

  private LocalRecords() {}

  /** Lets all of our records go; once for each Vert.x instance. */
  public static void register(Vertx vertx) {
    vertx
        .eventBus()
        .registerCodec(new AsItIs())
        .codecSelector(body -> body instanceof Record ? AsItIs.NAME : null);
  }

  private static final class AsItIs implements MessageCodec<Record, Record> {
    static final String NAME = "as it is";

    @Override
    public void encodeToWire(Buffer buffer, Record value) {
      throw new IllegalStateException(
          value.getClass() + " does not leave its host (expected: localOnly)");
    }

    @Override
    public Record decodeFromWire(int position, Buffer buffer) {
      throw new IllegalStateException("a record of another host (expected: localOnly)");
    }

    @Override
    public Record transform(Record value) {
      return value;
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
