package io.aliecs.relay.web.stream;

import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Problem;
import io.aliecs.relay.web.http.Replies;
import io.aliecs.relay.web.http.Routes;
import io.aliecs.relay.web.state.Snapshot;
import io.aliecs.relay.web.state.StateFeed;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** Takes the clients of the live stream. For one event loop. */
public record StreamRoutes(StateFeed feed, RunStream stream, Replies replies) implements Feature {
  static final String STREAM = "/api/v1/runs/stream";

  private static final CharSequence NO_BUFFERING_NAME =
      HttpHeaders.createOptimized("x-accel-buffering");
  private static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("last-event-id");

  @Override
  public void mount(Routes routes) {
    routes.read(STREAM, context -> stream(context.request()));
  }

  private void stream(HttpServerRequest request) {
    Snapshot snapshot = feed.snapshot();
    if (snapshot == null) {
      away(request, Replies.NOT_READY.detail());
    } else if (stream.isFull()) {
      away(request, "as many clients as may be are on the stream (expected: fewer; repeat later)");
    } else {
      replies.openStream(request, STREAM);
      if (request.method().equals(HttpMethod.GET)) {
        request.response().putHeader(NO_BUFFERING_NAME, "no").setChunked(true);
        stream.join(request, snapshot, request.getHeader(LAST_EVENT_ID));
      }
    }
  }

  private void away(HttpServerRequest request, String detail) {
    request.response().putHeader(HttpHeaders.RETRY_AFTER, "2");
    replies.problem(request, STREAM, new Problem(503, detail));
  }
}
