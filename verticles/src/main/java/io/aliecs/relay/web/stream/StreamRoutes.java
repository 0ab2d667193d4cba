package io.aliecs.relay.web.stream;

import io.aliecs.relay.web.http.Answer;
import io.aliecs.relay.web.http.Feature;
import io.aliecs.relay.web.http.Routes;
import io.aliecs.relay.web.state.StateFeed;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** Takes the clients of the live stream. For one event loop. */
public record StreamRoutes(StateFeed feed, RunStream stream) implements Feature {
  static final String STREAM = "/api/v1/runs/stream";

  @Override
  public void mount(Routes routes) {
    routes.stream(STREAM, this::refusal, stream::join);
  }

  private @Nullable Answer refusal() {
    if (feed.snapshot() == null) {
      return later(StateFeed.UNKNOWN.detail());
    }
    return stream.isFull()
        ? later("as many clients as may be are on the stream (expected: fewer; repeat later)")
        : null;
  }

  private static Answer later(String detail) {
    return Answer.problem(503, detail).with(HttpHeaders.RETRY_AFTER, "2");
  }
}
