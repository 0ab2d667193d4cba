package io.aliecs.relay.config;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import org.jspecify.annotations.Nullable;

/**
 * One request and its whole answer, with an end to it: a deadline for everything from connecting to
 * the last byte, a bound on the size, and a way to give up. Lives on one Vert.x context.
 */
final class ConsulExchange {

  /** The largest answer: a value of 512 KiB (Consul's limit) in base64, with room around it. */
  static final int LARGEST_BODY = 1024 * 1024;

  /**
   * A whole answer.
   *
   * @param status the HTTP status
   * @param index {@code X-Consul-Index}, 0 when it is missing, negative or no number
   * @param hasIndex whether the header was there at all
   * @param body everything that was sent
   */
  record Answer(int status, long index, boolean hasIndex, Buffer body) {}

  private final Vertx vertx;
  private final Promise<Answer> promise;
  private final Buffer body = Buffer.buffer();
  private final long deadline;
  private @Nullable HttpClientRequest request;
  private boolean done;

  ConsulExchange(Vertx vertx, long timeoutMillis) {
    this.vertx = vertx;
    this.promise = Promise.promise();
    this.deadline =
        vertx.setTimer(
            timeoutMillis,
            timer ->
                fail(
                    ConsulFailure.Reason.TIMEOUT,
                    "no whole answer within " + timeoutMillis + " ms"));
  }

  Future<Answer> future() {
    return promise.future();
  }

  /** Sends it; call once. */
  void send(HttpClient client, RequestOptions options, Buffer content) {
    if (done) {
      return;
    }
    client
        .request(options)
        .onSuccess(ready -> connected(ready, content))
        .onFailure(cause -> fail(ConsulFailure.Reason.UNREACHABLE, Shown.plain(cause.toString())));
  }

  /** Ends it now, if it has not ended; its connection is closed. */
  void cancel() {
    fail(ConsulFailure.Reason.CANCELLED, "given up");
  }

  void fail(ConsulFailure.Reason reason, String message) {
    if (done) {
      return;
    }
    end();
    if (request != null) {
      // Closes the connection; nobody waits for how that went.
      request.reset().otherwiseEmpty();
    }
    promise.fail(new ConsulFailure(reason, message));
  }

  private void end() {
    done = true;
    vertx.cancelTimer(deadline);
  }

  private void connected(HttpClientRequest ready, Buffer content) {
    ready.exceptionHandler(
        cause -> fail(ConsulFailure.Reason.UNREACHABLE, Shown.plain(cause.toString())));
    if (done) {
      ready.reset().otherwiseEmpty();
      return;
    }
    request = ready;
    Future<HttpClientResponse> answer = content.length() == 0 ? ready.send() : ready.send(content);
    answer
        .onSuccess(this::answering)
        .onFailure(cause -> fail(ConsulFailure.Reason.UNREACHABLE, Shown.plain(cause.toString())));
  }

  private void answering(HttpClientResponse response) {
    response.exceptionHandler(
        cause ->
            fail(
                ConsulFailure.Reason.GARBAGE,
                "an answer cut short, " + Shown.plain(cause.toString())));
    response.handler(
        part -> {
          if (done) {
            return;
          }
          if (body.length() + part.length() > LARGEST_BODY) {
            fail(
                ConsulFailure.Reason.OVERSIZED,
                "more than " + LARGEST_BODY + " bytes (expected: a value of at most 512 KiB)");
          } else {
            body.appendBuffer(part);
          }
        });
    response.endHandler(ignored -> ended(response));
  }

  private void ended(HttpClientResponse response) {
    if (done) {
      return;
    }
    end();
    String index = response.getHeader("X-Consul-Index");
    promise.complete(new Answer(response.statusCode(), parse(index), index != null, body));
  }

  private static long parse(@Nullable String index) {
    try {
      return index == null ? 0 : Math.max(0, Long.parseLong(index.strip()));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
