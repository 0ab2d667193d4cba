package io.aliecs.relay.web;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/** The page for people and the live stream, beside the API. For one event loop. */
final class SiteRoutes {
  static final String STREAM = "/api/v1/runs/stream";

  private static final CharSequence NO_BUFFERING_NAME =
      HttpHeaders.createOptimized("x-accel-buffering");
  private static final CharSequence LAST_EVENT_ID = HttpHeaders.createOptimized("last-event-id");

  private final StateFeed feed;
  private final RunStream stream;
  private final Page page;
  private final Replies replies;
  private final Handler<HttpServerRequest> api;

  /**
   * @param api answers what is not of the site
   */
  SiteRoutes(
      StateFeed feed,
      RunStream stream,
      Page page,
      Replies replies,
      Handler<HttpServerRequest> api) {
    this.feed = feed;
    this.stream = stream;
    this.page = page;
    this.replies = replies;
    this.api = api;
  }

  void handle(HttpServerRequest request) {
    String path = request.path();
    Page.Asset asset = page.at(path);
    if (asset != null) {
      if (isRead(request, asset.route())) {
        replies.asset(request, asset);
      }
    } else if (!STREAM.equals(path)) {
      api.handle(request);
    } else if (isRead(request, STREAM)) {
      stream(request);
    }
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

  private boolean isRead(HttpServerRequest request, String route) {
    if (request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD)) {
      return true;
    }
    replies.notAllowed(request, route, "GET, HEAD");
    return false;
  }
}
