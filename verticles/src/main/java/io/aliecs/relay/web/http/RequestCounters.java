package io.aliecs.relay.web.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;

/** Counts answers by server, route and status. For one event loop. */
public final class RequestCounters {
  private record Key(String route, int status) {}

  private final MeterRegistry registry;
  private final String server;
  private final Map<Key, Counter> counters = new HashMap<>();

  /**
   * @param server which of the servers it is, for example {@code api}
   */
  public RequestCounters(MeterRegistry registry, String server) {
    this.registry = registry;
    this.server = server;
  }

  /**
   * Counts one answer.
   *
   * @param route the route's pattern, never what a client sent: there must be few
   */
  void count(String route, int status) {
    counters.computeIfAbsent(new Key(route, status), this::counter).increment();
  }

  private Counter counter(Key key) {
    return Counter.builder("relay.http.requests")
        .description("HTTP requests answered")
        .tag("server", server)
        .tag("route", key.route())
        .tag("status", Integer.toString(key.status()))
        .register(registry);
  }
}
