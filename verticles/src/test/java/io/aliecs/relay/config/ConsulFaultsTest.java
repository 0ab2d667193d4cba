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
import io.aliecs.relay.testkit.consul.ConsulProcess;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real Consul that goes away and comes back. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class ConsulFaultsTest {

  private static final Duration SOON = Duration.ofSeconds(60);

  /**
   * What quality asks for after a recovery; the quickest of some, whatever else the machine does.
   */
  private static final Duration RECOVERY = Duration.ofSeconds(2);

  @TempDir Path folder;
  private Vertx vertx;

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
    LocalRecords.register(vertx);
  }

  @Test
  void anAgentWhoseNameNobodyKnowsIsNamedWithTheVariableThatItIsFrom() throws Exception {
    ConsulOptions nobody = TestOptions.consul("nosuch.invalid:8500");
    try (ConsulFixture relay = new ConsulFixture(vertx, nobody)) {
      relay.awaitProblem(SOON, Kind.UNREADABLE, "http://nosuch.invalid:8500: no such name");
      assertThat(relay.status().problems())
          .anySatisfy(
              problem ->
                  assertThat(problem.message())
                      .contains("CONSUL_HTTP_ADDR", "publishing is off until Consul answers"));
    }
  }

  @Test
  void anAgentThatDoesNotAnswerIsNamed() throws Exception {
    try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(1))) {
      relay.awaitProblem(SOON, Kind.UNREADABLE, "a Consul agent at http://127.0.0.1:1");
    }
  }

  @Test
  void aRestartWithLowerIndexesIsNoticedWithinTwoSeconds() throws Exception {
    try (ConsulProcess consul = ConsulProcess.persisted(folder)) {
      for (int i = 0; i < 200; i++) {
        consul
            .api()
            .put("noise", "" + i); // the index grows far beyond what a new server starts with
      }
      consul.api().put(SETTINGS, yaml("old:1"));
      consul.api().put(KAFKA_ENABLED, "true");
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port()))) {
        relay.awaitStatus(SOON, s -> s.established() && s.inForce().publishNewEnvironments());
        long before = relay.inForce().settingsIndex();
        List<Duration> took = new ArrayList<>();
        for (int round = 2; round < 5; round++) {
          String broker = "new:" + round;
          consul.kill();
          relay.awaitStatus(SOON, s -> !s.consulReachable());
          assertThat(relay.inForce().pluginEnabled()).isTrue();
          consul.wipe();
          consul.start();
          consul.api().put(SETTINGS, yaml(broker));
          took.add(relay.awaitBrokers(SOON, broker));
          assertThat(relay.inForce().settingsIndex()).isLessThan(before);
          relay.awaitStatus(SOON, SettingsStatus::consulReachable);
        }
        assertThat(Collections.min(took)).isLessThan(RECOVERY);
      }
    }
  }

  @Test
  void aSnapshotThatIsRestoredInPlaceIsInForceWithinTwoSeconds() throws Exception {
    try (ConsulProcess consul = ConsulProcess.persisted(folder)) {
      consul.api().put(SETTINGS, yaml("saved:1"));
      consul.api().put(KAFKA_ENABLED, "true");
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port()))) {
        relay.awaitBrokers(SOON, "saved:1");
        URI snapshot = URI.create("http://" + consul.address() + "/v1/snapshot");
        HttpClient http = HttpClient.newHttpClient();
        byte[] saved =
            http.send(HttpRequest.newBuilder(snapshot).build(), BodyHandlers.ofByteArray()).body();
        for (int i = 0; i < 50; i++) {
          consul.api().put("noise/" + i, "");
        }
        HttpRequest restore =
            HttpRequest.newBuilder(snapshot).PUT(BodyPublishers.ofByteArray(saved)).build();
        List<Duration> took = new ArrayList<>();
        for (int round = 1; round < 4; round++) {
          consul.api().put(SETTINGS, yaml("later:" + round));
          relay.awaitBrokers(SOON, "later:" + round);
          assertThat(http.send(restore, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
          took.add(relay.awaitBrokers(SOON, "saved:1"));
        }
        assertThat(Collections.min(took)).isLessThan(RECOVERY);
        consul.api().put(SETTINGS, yaml("after:1"));
        relay.awaitBrokers(SOON, "after:1");
      }
    }
  }

  @Test
  void afterALongOutageTheNextRetryIsSoon() throws Exception {
    try (ConsulProcess consul = ConsulProcess.persisted(folder)) {
      consul.api().put(SETTINGS, yaml("a:1"));
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port()))) {
        relay.awaitBrokers(SOON, "a:1");
        List<Duration> took = new ArrayList<>();
        for (int round = 2; round < 5; round++) {
          consul.kill();
          double before = relay.failures(Reason.UNREACHABLE);
          // Three ask, and the pauses have grown to their longest after three retries of each.
          await().atMost(SOON).until(() -> relay.failures(Reason.UNREACHABLE) > before + 15);
          consul.wipe();
          consul.start();
          consul.api().put(SETTINGS, yaml("b:" + round));
          took.add(relay.awaitBrokers(SOON, "b:" + round));
        }
        assertThat(Collections.min(took)).isLessThan(RECOVERY);
      }
    }
  }

  @Test
  void aRestartWithItsDataIsNoChange() throws Exception {
    try (ConsulProcess consul = ConsulProcess.persisted(folder)) {
      consul.api().put(SETTINGS, yaml("a:1"));
      consul.api().put(KAFKA_ENABLED, "true");
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port()))) {
        relay.awaitStatus(SOON, s -> s.established() && s.inForce().publishNewEnvironments());
        int announced = relay.announced().size();
        consul.stop();
        relay.awaitStatus(SOON, s -> !s.consulReachable());
        consul.start();
        relay.awaitStatus(SOON, s -> s.consulReachable() && s.problems().isEmpty());
        assertThat(relay.announced()).hasSize(announced);
        consul.api().put(SETTINGS, yaml("b:2"));
        relay.awaitBrokers(SOON, "b:2");
      }
    }
  }

  @Test
  void aRelayThatStartsBeforeConsulGetsItsSettings() throws Exception {
    try (ConsulProcess consul = ConsulProcess.persisted(folder)) {
      consul.api().put(SETTINGS, yaml("a:1"));
      consul.stop();
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port()))) {
        relay.awaitStatus(SOON, s -> !s.consulReachable());
        assertThat(relay.status().established()).isFalse();
        consul.start();
        relay.awaitBrokers(SOON, "a:1");
      }
    }
  }

  @Test
  void aFrozenConsulIsSaidAndItsReturnNoticed() throws Exception {
    try (ConsulProcess consul = ConsulProcess.inMemory(folder)) {
      consul.api().put(SETTINGS, yaml("a:1"));
      try (ConsulFixture relay = new ConsulFixture(vertx, ConsulFixture.at(consul.port()))) {
        relay.awaitBrokers(SOON, "a:1");
        consul.pause();
        relay.awaitStatus(SOON, s -> !s.consulReachable());
        assertThat(relay.inForce().bootstrapServers()).containsExactly("a:1");
        consul.resume();
        consul.api().put(SETTINGS, yaml("b:2"));
        relay.awaitBrokers(SOON, "b:2");
        relay.awaitStatus(SOON, SettingsStatus::consulReachable);
      }
    }
  }
}
