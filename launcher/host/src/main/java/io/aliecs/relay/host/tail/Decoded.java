package io.aliecs.relay.host.tail;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.aliecs.relay.proto.events.Event;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The value of a record, as far as it can be understood. */
public sealed interface Decoded {
  /** How many bytes of a value that cannot be understood are shown. */
  int SHOWN_BYTES = 32;

  /** A value that is what its topic says. */
  sealed interface Value extends Decoded {
    Message message();
  }

  /** An environment in a state. */
  record Notification(NewStateNotification message) implements Value {}

  /** All active runs. */
  record ActiveRuns(ActiveRunsList message) implements Value {}

  /** An event of AliECS. */
  record AliEcsEvent(Event message) implements Value {}

  /**
   * A value that cannot be understood.
   *
   * @param hex its first {@value #SHOWN_BYTES} bytes
   */
  record Broken(String reason, String hex) implements Decoded {}

  /** Decodes the value of a record of {@code topic}; never throws. */
  static Decoded of(String topic, byte @Nullable [] value) {
    if (value == null) {
      return new Broken("no value (a tombstone)", "");
    }
    try {
      return switch (KnownTopics.content(topic)) {
        case NOTIFICATION -> notification(value);
        case ACTIVE_RUNS -> new ActiveRuns(ActiveRunsList.parseFrom(value));
        case ALIECS_EVENT -> new AliEcsEvent(Event.parseFrom(value));
        case UNKNOWN -> new Broken("no topic that tail can decode", hex(value));
      };
    } catch (InvalidProtocolBufferException broken) {
      return new Broken(String.valueOf(broken.getMessage()), hex(value));
    }
  }

  private static Decoded notification(byte[] value) throws InvalidProtocolBufferException {
    NewStateNotification message = NewStateNotification.parseFrom(value);
    return message.hasEnvInfo()
        ? new Notification(message)
        : new Broken("a notification without envInfo", hex(value));
  }

  private static String hex(byte[] value) {
    int shown = Math.min(value.length, SHOWN_BYTES);
    String hex = HexFormat.of().formatHex(value, 0, shown);
    return value.length > shown ? hex + "... (" + value.length + " bytes)" : hex;
  }
}
