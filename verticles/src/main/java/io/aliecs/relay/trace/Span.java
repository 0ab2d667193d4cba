package io.aliecs.relay.trace;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A part of a trace that is over, as OTLP has it in JSON.
 *
 * @param parentId the span that it is a part of, empty for the first
 * @param kind one of OTLP's numbers
 * @param startedAt ms since epoch
 * @param endedAt ms since epoch
 * @param attributes what it is about
 * @param failure what went wrong, empty when nothing did
 */
record Span(
    String traceId,
    String spanId,
    String parentId,
    String name,
    int kind,
    long startedAt,
    long endedAt,
    Map<String, String> attributes,
    String failure) {
  static final int PRODUCER = 4;
  static final int CONSUMER = 5;

  private static final int ERROR = 2;

  Span {
    attributes = Map.copyOf(attributes);
  }

  /** The body of a request to a collector. */
  static JsonObject request(TraceOptions options, List<Span> spans) {
    Map<String, String> resource =
        Map.of(
            "service.name",
            "aliecs-relay",
            "service.version",
            options.version(),
            "service.instance.id",
            options.hostId());
    JsonArray all = new JsonArray();
    spans.forEach(span -> all.add(span.toJson()));
    JsonObject scope =
        new JsonObject().put("name", "io.aliecs.relay").put("version", options.version());
    return new JsonObject()
        .put(
            "resourceSpans",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("resource", new JsonObject().put("attributes", json(resource)))
                        .put(
                            "scopeSpans",
                            new JsonArray()
                                .add(new JsonObject().put("scope", scope).put("spans", all)))));
  }

  private JsonObject toJson() {
    JsonObject json = new JsonObject().put("traceId", traceId).put("spanId", spanId);
    if (!parentId.isEmpty()) {
      json.put("parentSpanId", parentId);
    }
    if (!failure.isEmpty()) {
      json.put("status", new JsonObject().put("code", ERROR).put("message", failure));
    }
    return json.put("name", name)
        .put("kind", kind)
        .put("startTimeUnixNano", nanos(startedAt))
        .put("endTimeUnixNano", nanos(endedAt))
        .put("attributes", json(attributes));
  }

  /** OTLP has 64 bits as text. */
  private static String nanos(long millis) {
    return Long.toString(millis * 1_000_000);
  }

  private static JsonArray json(Map<String, String> attributes) {
    JsonArray json = new JsonArray();
    attributes.forEach(
        (key, value) ->
            json.add(
                new JsonObject()
                    .put("key", key)
                    .put("value", new JsonObject().put("stringValue", value))));
    return json;
  }
}
