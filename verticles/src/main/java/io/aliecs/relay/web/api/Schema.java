package io.aliecs.relay.web.api;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.web.http.Document;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;

/**
 * What readers of the topics decode messages with.
 *
 * @param source the text of kafka.proto
 * @param descriptors the same compiled, a {@code FileDescriptorSet} as {@code protoc
 *     --descriptor_set_out} writes it
 */
public record Schema(Document source, Document descriptors) {
  private static final String RESOURCE = "kafka.proto";

  /** Reads it, off the event loop. */
  public static Future<Schema> read(Vertx vertx) {
    return vertx.executeBlocking(Schema::read);
  }

  private static Schema read() throws IOException {
    try (InputStream source = NewStateNotification.class.getResourceAsStream(RESOURCE)) {
      if (source == null) {
        throw new FileNotFoundException(
            RESOURCE + " is missing beside " + NewStateNotification.class);
      }
      byte[] descriptors =
          FileDescriptorSet.newBuilder()
              .addFile(NewStateNotification.getDescriptor().getFile().toProto())
              .build()
              .toByteArray();
      return new Schema(
          Document.tagged(Buffer.buffer(source.readAllBytes())),
          Document.tagged(Buffer.buffer(descriptors)));
    }
  }
}
