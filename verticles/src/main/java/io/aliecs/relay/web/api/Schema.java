package io.aliecs.relay.web.api;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import io.aliecs.relay.proto.kafka.NewStateNotification;
import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Routes;
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
public record Schema(Answer openApi, Answer source, Answer descriptors) implements Feature {
  public static final String OPENAPI = "/api/v1/openapi.json";
  static final String SOURCE = "/api/v1/kafka.proto";
  static final String DESCRIPTORS = "/api/v1/kafka.desc";

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
        Answer.tagged("application/json", resource(Schema.class, "openapi.json")),
        Answer.tagged(
            "text/plain; charset=utf-8", resource(NewStateNotification.class, "kafka.proto")),
        Answer.tagged("application/x-protobuf", Buffer.buffer(descriptors)));
  }

  private static Buffer resource(Class<?> beside, String name) throws IOException {
    try (InputStream resource = beside.getResourceAsStream(name)) {
      if (resource == null) {
        throw new FileNotFoundException(name + " is missing beside " + beside);
      }
      return Buffer.buffer(resource.readAllBytes());
    }
  }

  @Override
  public void mount(Routes routes) {
    routes.read(OPENAPI, context -> openApi);
    routes.read(SOURCE, context -> source);
    routes.read(DESCRIPTORS, context -> descriptors);
  }
}
