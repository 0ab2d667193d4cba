package io.aliecs.relay.config;

import static io.aliecs.relay.config.ConsulFixture.KAFKA_ENABLED;
import static io.aliecs.relay.config.ConsulFixture.SETTINGS;
import static io.aliecs.relay.config.ConsulFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.consul.ConsulException.Reason;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.testkit.junit.SharedConsul;
import io.aliecs.relay.testkit.proxy.TcpProxy;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real Consul behind something that answers wrongly for a while, or not at all. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class WrongAnswersTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  @RegisterExtension static final SharedConsul consul = new SharedConsul();

  private Vertx vertx;
  private FaultyHttp faulty;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    this.vertx = vertx;
    LocalRecords.register(vertx);
    faulty = new FaultyHttp(vertx, consul.port());
    consul.api().put(SETTINGS, yaml("a:1"));
    consul.api().put(KAFKA_ENABLED, "true");
  }

  static Stream<Arguments> wrongAnswers() {
    return Stream.of(
        Arguments.of(Reason.SERVER_ERROR, status(500, "No cluster leader")),
        Arguments.of(Reason.SERVER_ERROR, status(503, "")),
        Arguments.of(Reason.THROTTLED, status(429, "Your IP is issuing too many requests")),
        Arguments.of(Reason.FORBIDDEN, status(403, "Permission denied")),
        Arguments.of(Reason.GARBAGE, status(200, "<html><body>Please log in</body></html>")),
        Arguments.of(Reason.GARBAGE, status(200, "")),
        Arguments.of(Reason.GARBAGE, status(200, "[")),
        Arguments.of(Reason.GARBAGE, status(200, "[]")),
        Arguments.of(Reason.GARBAGE, status(200, "[7]")),
        Arguments.of(Reason.GARBAGE, status(200, "[{\"Key\":\"other\",\"ModifyIndex\":5}]")),
        Arguments.of(Reason.GARBAGE, status(200, "[".repeat(5000))),
        Arguments.of(Reason.GARBAGE, status(404, "<html>no such page</html>")),
        Arguments.of(Reason.GARBAGE, status(302, "")),
        Arguments.of(Reason.UNREACHABLE, cut()),
        Arguments.of(Reason.OVERSIZED, status(200, "x".repeat(3 * 1024 * 1024))),
        Arguments.of(Reason.OVERSIZED, withoutEnd()),
        Arguments.of(Reason.UNREACHABLE, (Handler<HttpServerRequest>) r -> r.connection().close()));
  }

  private static Handler<HttpServerRequest> status(int status, String body) {
    return request -> request.response().setStatusCode(status).end(body);
  }

  /** Goes on until the other side closes. */
  private static Handler<HttpServerRequest> withoutEnd() {
    return request -> fill(request.response().setChunked(true));
  }

  private static void fill(HttpServerResponse response) {
    response
        .write(Buffer.buffer("x".repeat(64 * 1024)))
        // Later, or the event loop would never hear that the other side has closed.
        .onSuccess(written -> Vertx.currentContext().runOnContext(next -> fill(response)));
  }

  private static Handler<HttpServerRequest> cut() {
    return request ->
        request
            .response()
            .putHeader("Content-Length", "1000")
            .putHeader("X-Consul-Index", "99")
            .write(Buffer.buffer("[{\"Key\":"))
            .onComplete(written -> request.connection().close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"Method Not Allowed", "Not Implemented", "Unsupported method ('PUT')"})
  void readsTheKeysOneByOneWhereOnlyReadingIsPassedOn(String refusal) throws Exception {
    faulty.answer(
        request -> {
          if (request.method().equals(HttpMethod.GET)) {
            faulty.forward(request, request.uri());
          } else {
            request.response().setStatusCode(501).setStatusMessage(refusal).end();
          }
        });
    ConsulOptions options = ConsulFixture.at(faulty.port()).in("", Duration.ofSeconds(1));
    try (ConsulFixture relay = new ConsulFixture(vertx, options)) {
      relay.awaitBrokers(SOON, "a:1");
      assertThat(relay.status().consulReachable()).isTrue();
      assertThat(relay.inForce().publishNewEnvironments()).isTrue();

      consul.api().put(SETTINGS, yaml("b:2"));
      relay.awaitBrokers(SOON, "b:2");
      consul.api().put(KAFKA_ENABLED, "false");
      relay.awaitStatus(SOON, status -> !status.inForce().publishNewEnvironments());

      consul.api().delete(SETTINGS);
      relay.awaitStatus(
          SOON, status -> status.problems().stream().anyMatch(p -> p.kind() == Kind.MISSING));
      assertThat(relay.inForce().bootstrapServers()).containsExactly("b:2");
      assertThat(relay.failures(Reason.NOT_PASSED_ON)).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("wrongAnswers")
  void isCountedAndTheLastGoodSettingsStay(Reason reason, Handler<HttpServerRequest> wrong)
      throws Exception {
    ConsulOptions options = ConsulFixture.at(faulty.port()).in("", Duration.ofSeconds(1));
    try (ConsulFixture relay = new ConsulFixture(vertx, options)) {
      relay.awaitBrokers(SOON, "a:1");
      faulty.answer(wrong);
      await().atMost(SOON).until(() -> relay.failures(reason) >= 2);
      assertThat(relay.status().consulReachable()).isFalse();
      assertThat(relay.status().problems())
          .allSatisfy(p -> assertThat(p.message()).hasSizeLessThan(500).doesNotContain("\n"));
      assertThat(relay.inForce().bootstrapServers()).containsExactly("a:1");
      assertThat(relay.inForce().pluginEnabled()).isTrue();
      consul.api().put(SETTINGS, yaml("b:2"));
      faulty.heal();
      relay.awaitBrokers(SOON, "b:2");
      relay.awaitStatus(SOON, SettingsStatus::consulReachable);
    }
  }

  @Test
  void retriesGrowAndAreJittered() throws Exception {
    try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(faulty.port()))) {
      relay.awaitBrokers(SOON, "a:1");
      awaitBlockingQueries();
      faulty.answer(500, "No cluster leader");
      long cutAt = System.nanoTime();
      faulty.cut();
      // As its watch asks: both keys together are not asked for by name.
      await().atMost(SOON).until(() -> asked(KAFKA_ENABLED, cutAt).size() >= 7);
      List<Long> times = asked(KAFKA_ENABLED, cutAt);
      List<Long> pauses =
          IntStream.range(1, 7).mapToObj(i -> times.get(i) - times.get(i - 1)).toList();
      assertThat(pauses.get(0)).as("second of %s", pauses).isGreaterThanOrEqualTo(370);
      List<Long> longest = pauses.subList(2, 6);
      assertThat(longest).allSatisfy(pause -> assertThat(pause).isGreaterThanOrEqualTo(560));
      assertThat(Collections.min(longest)).as("least held up of %s", longest).isLessThan(950);
      consul.api().put(SETTINGS, yaml("c:3"));
      faulty.heal();
      relay.awaitBrokers(SOON, "c:3");
    }
  }

  /** When a key was asked for from a moment on, in ms. */
  private List<Long> asked(String key, long sinceNanos) {
    return faulty.asked().stream()
        .filter(a -> a.uri().contains(key) && (sinceNanos == 0 || a.nanos() - sinceNanos > 0))
        .map(a -> a.nanos() / 1_000_000)
        .toList();
  }

  private void awaitBlockingQueries() {
    for (String key : List.of(SETTINGS, KAFKA_ENABLED)) {
      await()
          .atMost(SOON)
          .until(
              () ->
                  faulty.asked().stream()
                      .anyMatch(a -> a.uri().contains(key) && a.uri().contains("index=")));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"ModifyIndex\":0", "\"ModifyIndex\":-7", "\"Other\":1"})
  void anUselessIndexDoesNotHideChanges(String useless) throws Exception {
    faulty.entry(entry -> entry.replaceAll("\"ModifyIndex\":\\s*\\d+", useless));
    try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(faulty.port()))) {
      relay.awaitBrokers(SOON, "a:1");
      await().atMost(SOON).until(() -> relay.failures(Reason.GARBAGE) >= 2);
      consul.api().put(SETTINGS, yaml("b:2"));
      relay.awaitBrokers(SOON, "b:2");
      assertThat(faulty.asked()).noneMatch(a -> a.uri().contains("index="));
    }
  }

  @Test
  void aQueryThatIsTakenAwayOnTheWayIsNoHotLoop() throws Exception {
    faulty.answer(request -> faulty.forward(request, request.path()));
    try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(faulty.port()))) {
      relay.awaitBrokers(SOON, "a:1");
      await().atMost(SOON).until(() -> !asked("index=", 0).isEmpty());
      int before = faulty.asked().size();
      await()
          .during(Duration.ofSeconds(4))
          .atMost(SOON)
          .until(() -> faulty.asked().size() <= before + 30);
      consul.api().put(SETTINGS, yaml("b:2"));
      relay.awaitBrokers(SOON, "b:2");
    }
  }

  @Test
  void anIndexThatGoesBackwardsIsForgotten() throws Exception {
    ConsulOptions options = ConsulFixture.at(faulty.port()).in("", Duration.ofSeconds(1));
    faulty.entry(entry -> entry.replaceAll("\"ModifyIndex\":\\s*\\d+", "\"ModifyIndex\":1000000"));
    try (ConsulFixture relay = new ConsulFixture(vertx, options)) {
      relay.awaitBrokers(SOON, "a:1");
      await()
          .atMost(SOON)
          .until(() -> faulty.asked().stream().anyMatch(a -> a.uri().contains("index=1000000")));
      faulty.heal();
      consul.api().put(SETTINGS, yaml("b:2"));
      relay.awaitBrokers(SOON, "b:2");
      assertThat(relay.status().consulReachable()).isTrue();
    }
  }

  @Test
  void aDeadConnectionThatNobodyClosesIsGivenUp() throws Exception {
    ConsulOptions options = ConsulFixture.at(faulty.port()).in("", Duration.ofSeconds(1));
    try (ConsulFixture relay = new ConsulFixture(vertx, options)) {
      relay.awaitBrokers(SOON, "a:1");
      // Blocking queries are never answered again, all else is: only their own deadline helps.
      faulty.answer(request -> faulty.forwardUnless(request, request.uri().contains("index=")));
      consul.api().put(SETTINGS, yaml("b:2"));
      relay.awaitBrokers(SOON, "b:2"); // the query that was under way is answered yet
      await().atMost(SOON).until(() -> relay.failures(Reason.TIMEOUT) >= 2);
      consul.api().put(SETTINGS, yaml("c:3"));
      relay.awaitBrokers(SOON, "c:3");
    }
  }

  @Test
  void aNetworkThatLosesItsWayIsSaidAndItsReturnNoticed() throws Exception {
    try (TcpProxy network = TcpProxy.start("127.0.0.1", consul.port());
        ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(network.port()))) {
      relay.awaitBrokers(SOON, "a:1");
      network.halfOpen();
      consul.api().put(SETTINGS, yaml("b:2"));
      relay.awaitStatus(SOON, s -> !s.consulReachable());
      assertThat(relay.inForce().bootstrapServers()).containsExactly("a:1");
      network.heal();
      relay.awaitBrokers(SOON, "b:2");
      network.refuse();
      consul.api().put(SETTINGS, yaml("c:3"));
      relay.awaitStatus(SOON, s -> !s.consulReachable());
      network.heal();
      relay.awaitBrokers(SOON, "c:3");
    }
  }

  @Test
  void theNextAddressIsTakenWhenOneIsGone() throws Exception {
    try (TcpProxy first = TcpProxy.start("127.0.0.1", consul.port())) {
      ConsulOptions options =
          TestOptions.consul("127.0.0.1:" + first.port() + ",127.0.0.1:" + consul.port());
      try (ConsulFixture relay = new ConsulFixture(vertx, options)) {
        relay.awaitBrokers(SOON, "a:1");
        first.halfOpen();
        relay.awaitStatus(SOON, s -> !s.consulReachable());
        consul.api().put(SETTINGS, yaml("b:2"));
        relay.awaitBrokers(SOON, "b:2");
        relay.awaitStatus(SOON, SettingsStatus::consulReachable);
      }
    }
  }

  @Test
  void undeployingLeavesNoConnectionTimerOrMetric() throws Exception {
    try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(faulty.port()))) {
      relay.awaitBrokers(SOON, "a:1");
      awaitBlockingQueries();
      var announced = relay.announced();
      relay.undeploy();
      await().atMost(SOON).until(() -> faulty.connections() == 0);
      int asked = faulty.asked().size();
      consul.api().put(SETTINGS, yaml("b:2"));
      await()
          .during(Duration.ofSeconds(1))
          .atMost(SOON)
          .until(() -> faulty.asked().size() == asked);
      assertThat(relay.registry().getMeters()).isEmpty();
      assertThat(announced).hasSize(1);
    }
  }

  @Test
  void undeployingWhileConsulIsAwayLeavesNothingToo() throws Exception {
    faulty.answer(500, "No cluster leader");
    try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(faulty.port()))) {
      relay.awaitStatus(SOON, s -> !s.consulReachable());
      relay.undeploy();
      await().atMost(SOON).until(() -> faulty.connections() == 0);
      int asked = faulty.asked().size();
      await()
          .during(Duration.ofSeconds(2))
          .atMost(SOON)
          .until(() -> faulty.asked().size() == asked);
    }
  }
}
