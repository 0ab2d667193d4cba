package io.aliecs.relay.host.tail;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One JSON object a line: where the record is, its key and headers as text, its value in the
 * proto's own JSON mapping (64-bit numbers are strings there), with empty lists and zeroes shown.
 */
final class JsonLines {
  private final JsonFormat.Printer printer =
      JsonFormat.printer().alwaysPrintFieldsWithNoPresence().omittingInsignificantWhitespace();

  String format(ConsumerRecord<byte[], byte[]> record) {
    JsonObject headers = new JsonObject();
    for (Header header : record.headers()) {
      headers.put(header.key(), text(header.value()));
    }
    JsonObject line =
        new JsonObject()
            .put("topic", record.topic())
            .put("partition", record.partition())
            .put("offset", record.offset())
            .put("timestamp", record.timestamp())
            .put("key", text(record.key()))
            .put("headers", headers);
    Decoded decoded = Decoded.of(record.topic(), record.value());
    if (decoded instanceof Decoded.Value value) {
      return line.put("value", json(value)).encode();
    } else if (decoded instanceof Decoded.Broken broken) {
      line.putNull("value").put("error", broken.reason()).put("bytes", broken.hex());
    }
    return line.encode();
  }

  private JsonObject json(Decoded.Value value) {
    try {
      return new JsonObject(printer.print(value.message()));
    } catch (InvalidProtocolBufferException impossible) {
      throw new IllegalStateException("only messages with Any fail to print", impossible);
    }
  }

  private static @Nullable String text(byte @Nullable [] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }
}
