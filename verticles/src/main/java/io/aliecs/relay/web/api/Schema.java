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
 * What readers of the API and of the topics need to understand them.
 *
 * @param openApi the description of the API
 * @param source the text of kafka.proto
 * @param descriptors the same compiled, a {@code FileDescriptorSet} as {@code protoc
 *     --descriptor_set_out} writes it
 */
public record Schema(Document openApi, Document source, Document descriptors) {
  /** Reads it, off the event loop. */
  public static Future<Schema> read(Vertx vertx) {
    return vertx.executeBlocking(Schema::read);
  }

  private static Schema read() throws IOException {
    byte[] descriptors =
        FileDescriptorSet.newBuilder()
            .addFile(NewStateNotification.getDescriptor().getFile().toProto())
            .build()
            .toByteArray();
    return new Schema(
        resource(Schema.class, "openapi.json"),
        resource(NewStateNotification.class, "kafka.proto"),
        Document.tagged(Buffer.buffer(descriptors)));
  }

  private static Document resource(Class<?> beside, String name) throws IOException {
    try (InputStream resource = beside.getResourceAsStream(name)) {
      if (resource == null) {
        throw new FileNotFoundException(name + " is missing beside " + beside);
      }
      return Document.tagged(Buffer.buffer(resource.readAllBytes()));
    }
  }
}
