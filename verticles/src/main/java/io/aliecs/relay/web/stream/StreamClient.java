package io.aliecs.relay.web.stream;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client of the live stream, and how far it is. For one event loop. */
final class StreamClient {
  private static final Logger LOG = LoggerFactory.getLogger(StreamClient.class);

  private static final long NONE = -1;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private long index;
  private long version;
  private long patienceTimer = NONE;
  private boolean settled;

  StreamClient(HttpServerRequest request, int maxQueued) {
    this.request = request;
    this.response = request.response();
    response.setWriteQueueMaxSize(maxQueued);
  }

  /** Calls back once when the client is gone, and each time it has taken what was waiting. */
  void watch(Runnable gone, Runnable drained) {
    response.closeHandler(closed -> gone.run());
    response.exceptionHandler(failure -> gone.run());
    response.drainHandler(empty -> drained.run());
  }

  /** Sends what brings the client up to that point. */
  void advance(Buffer event, long toIndex, long toVersion) {
    index = toIndex;
    version = toVersion;
    send(event);
  }

  /** Sends what leaves it where it is. */
  void send(Buffer text) {
    response.write(text).onFailure(StreamClient::gone);
  }

  /** The last words, then the end, once the client has taken them. */
  void end(Buffer lastWords) {
    response.closeHandler(null).exceptionHandler(null).drainHandler(null);
    response.end(lastWords).onFailure(StreamClient::gone);
  }

  /** Closes the connection, whatever still waits. */
  void hangUp() {
    request.connection().close().onFailure(StreamClient::gone);
  }

  /** Whether its write queue is full. */
  boolean isFull() {
    return response.writeQueueFull();
  }

  boolean isSlow() {
    return patienceTimer != NONE;
  }

  /** It has taken what it was given when it came. */
  void settle() {
    settled = true;
  }

  /** Whether it has: before, it may only be far away, and holds what many others hold too. */
  boolean isSettled() {
    return settled;
  }

  /** It is slow from now on, until that timer ends it. */
  void slow(long timer) {
    patienceTimer = timer;
  }

  /** It is not slow any more; gives the timer that waited for that. */
  long notSlow() {
    long timer = patienceTimer;
    patienceTimer = NONE;
    return timer;
  }

  /** The journal index it was brought to. */
  long index() {
    return index;
  }

  /** The version of the stream it was brought to. */
  long version() {
    return version;
  }

  private static void gone(Throwable failure) {
    LOG.debug("A stream's client went away", failure);
  }
}
