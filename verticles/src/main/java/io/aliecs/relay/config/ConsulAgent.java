package io.aliecs.relay.config;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * The services on a Consul agent. Each call is one request that ends in time. Use from one Vert.x
 * context.
 */
final class ConsulAgent {

  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final ConsulKv consul;

  ConsulAgent(ConsulKv consul) {
    this.consul = consul;
  }

  /** What the agent knows of a service on it; empty when there is no such service. */
  Future<Optional<JsonObject>> service(String id) {
    String path = "/v1/agent/service/" + ConsulKv.encoded(id);
    return ask(HttpMethod.GET, path, Buffer.buffer(), ConsulAgent::service);
  }

  /** Registers a service, in place of any with the same id. */
  Future<Void> register(JsonObject service) {
    return ask(HttpMethod.PUT, "/v1/agent/service/register", service.toBuffer(), ConsulAgent::done);
  }

  /** Takes a service out. */
  Future<Void> deregister(String id) {
    String path = "/v1/agent/service/deregister/" + ConsulKv.encoded(id);
    return ask(HttpMethod.PUT, path, Buffer.buffer(), ConsulAgent::done);
  }

  private <T> Future<T> ask(
      HttpMethod method, String path, Buffer body, ConsulKv.Reader<T> reader) {
    return consul.ask(method, path, body, TIMEOUT, reader).future();
  }

  private static Optional<JsonObject> service(ConsulExchange.Answer answer) throws ConsulFailure {
    if (answer.status() == 404) {
      return Optional.empty();
    }
    if (answer.status() != 200) {
      throw ConsulKv.refused(answer);
    }
    try {
      return Optional.of(new JsonObject(answer.body()));
    } catch (DecodeException e) {
      throw new ConsulFailure(
          ConsulFailure.Reason.GARBAGE,
          "found " + Shown.plain(String.valueOf(e.getMessage())) + " (expected: a service)");
    }
  }

  private static Void done(ConsulExchange.Answer answer) throws ConsulFailure {
    if (answer.status() != 200) {
      throw ConsulKv.refused(answer);
    }
    return null;
  }
}
