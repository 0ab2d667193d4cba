package io.aliecs.relay.testkit.standin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Answers in Consul's manner. A client that has gone meanwhile gets none. */
final class ConsulReply {
  private ConsulReply() {}

  static void json(HttpServerRequest request, int status, Buffer body) {
    end(request, status, "application/json", body);
  }

  static void text(HttpServerRequest request, int status, String message) {
    end(request, status, "text/plain; charset=utf-8", Buffer.buffer(message));
  }

  static void end(HttpServerRequest request, int status, String contentType, Buffer body) {
    if (request.response().closed() || request.response().ended()) {
      return;
    }
    if (body.length() > 0 || status == 200) {
      request.response().putHeader("Content-Type", contentType);
    }
    request.response().putHeader("Vary", "Accept-Encoding").setStatusCode(status).end(body);
  }

  /** Adds the headers of a read. Consul never reports index 0. */
  static void putIndex(HttpServerRequest request, long index) {
    request.response().putHeader("X-Consul-Index", String.valueOf(Math.max(1, index)));
    putLeader(request);
  }

  /** Adds the headers that say how fresh an answer is: always the leader's. */
  static void putLeader(HttpServerRequest request) {
    request
        .response()
        .putHeader("X-Consul-Knownleader", "true")
        .putHeader("X-Consul-Lastcontact", "0");
  }

  /** Whether the request has one of {@code methods}; answered already when not. */
  static boolean allows(HttpServerRequest request, HttpMethod... methods) {
    List<HttpMethod> allowed = Arrays.asList(methods);
    if (allowed.contains(request.method())) {
      return true;
    }
    String names = allowed.stream().map(HttpMethod::name).collect(Collectors.joining(","));
    request.response().putHeader("Allow", "OPTIONS," + names);
    if (request.method().equals(HttpMethod.OPTIONS)) {
      end(request, 200, "text/plain", Buffer.buffer());
    } else {
      text(request, 405, "method " + request.method() + " not allowed");
    }
    return false;
  }
}
