package io.aliecs.relay.web.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts answers by server, route and status. For one event loop. */
public final class RequestCounters {
  private static final List<String> CLOSED = List.of("address", "all", "silent");

  /** What can be answered where something is read. */
  static final List<Integer> READING = List.of(200, 204, 304, 400, 404, 405, 413, 500, 503);

  /** What can be answered where something is changed. */
  static final List<Integer> CHANGING =
      List.of(200, 202, 400, 401, 403, 404, 405, 409, 413, 429, 500, 503);

  /** What can be answered to a request that comes to no route. */
  static final List<Integer> NOWHERE = List.of(400, 403, 404, 414, 421, 431, 500);

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
    CLOSED.forEach(reason -> closed(server, reason)); // to be seen at 0, before the first
  }

  /** There is such a route: an alert sees a counter rise only when it was there before. */
  void route(String route, List<Integer> answers) {
    answers.forEach(status -> counters.computeIfAbsent(new Key(route, status), this::counter));
  }

  /**
   * Counts one answer.
   *
   * @param route the route's pattern, never what a client sent: there must be few
   */
  void count(String route, int status) {
    counters.computeIfAbsent(new Key(route, status), this::counter).increment();
  }

  /**
   * Counts a connection that was closed because there were too many.
   *
   * @param reason {@code address}, {@code all} or {@code silent}: which limit was reached
   */
  public void closed(String reason) {
    closed(server, reason).increment();
  }

  private Counter closed(String which, String reason) {
    return Counter.builder("relay.http.connections.closed")
        .description("Connections closed because there were too many")
        .tag("server", which)
        .tag("reason", reason)
        .register(registry);
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
