package io.aliecs.relay.web.api;

import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;

/** What readers of the topics decode messages with, for their builds. For one event loop. */
public record SchemaRoutes(Schema schema, Replies replies) implements Feature {
  static final String SOURCE = "/api/v1/kafka.proto";
  static final String DESCRIPTORS = "/api/v1/kafka.desc";
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROTOBUF = "application/x-protobuf";

  @Override
  public void mount(Routes routes) {
    routes.read(SOURCE, context -> replies.file(context.request(), SOURCE, TEXT, schema.source()));
    routes.read(
        DESCRIPTORS,
        context -> replies.file(context.request(), DESCRIPTORS, PROTOBUF, schema.descriptors()));
  }
}
