package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Answers in Consul's manner. A client that has gone meanwhile gets none. */
final class ConsulReply {
  static final int MAX_BODY_BYTES = 512 * 1024;

  private ConsulReply() {}

  static void json(HttpServerRequest request, int status, Buffer body) {
    end(request, status, "application/json", body);
  }

  static void text(HttpServerRequest request, int status, String message) {
    end(request, status, "text/plain; charset=utf-8", Buffer.buffer(message));
  }

  static void end(HttpServerRequest request, int status, String contentType, Buffer body) {
    if (!request.response().closed() && !request.response().ended()) {
      request.response().putHeader("Content-Type", contentType).setStatusCode(status).end(body);
    }
  }

  /** Collects the body; one over the limit is read to its end, not kept, and refused. */
  static void withBody(HttpServerRequest request, Consumer<Buffer> then) {
    Buffer body = Buffer.buffer();
    long[] size = {0};
    request.handler(
        chunk -> {
          size[0] += chunk.length();
          if (size[0] <= MAX_BODY_BYTES) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        end -> {
          if (size[0] <= MAX_BODY_BYTES) {
            then.accept(body);
          } else {
            text(
                request,
                413,
                "Request body(%d bytes) too large, max size: %d bytes."
                    .formatted(size[0], MAX_BODY_BYTES));
          }
        });
  }
}
