package io.aliecs.relay.config;

import static io.aliecs.relay.config.ConsulFixture.KAFKA_ENABLED;
import static io.aliecs.relay.config.ConsulFixture.SETTINGS;
import static io.aliecs.relay.config.ConsulFixture.yaml;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.registration.RegistrationOptions;
import io.aliecs.relay.registration.RegistrationVerticle;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.testkit.consul.ConsulApi;
import io.aliecs.relay.web.WebOptions;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the config verticle and any Consul, the real one or our stand-in, do together. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
abstract class ConsulContract {

  private static final Duration SOON = Duration.ofSeconds(60);

  private ConsulApi consul;
  private ConsulFixture relay;
  private Vertx vertx;

  /** Where the Consul under test serves, as {@code host:port}; without keys for every test. */
  abstract String startConsul(Vertx vertx) throws Exception;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    this.vertx = vertx;
    LocalRecords.register(vertx);
    String address = startConsul(vertx);
    consul = new ConsulApi("http://" + address, Optional.empty());
    relay =
        new ConsulFixture(
            vertx,
            ConsulFixture.at(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1))));
  }

  @Test
  void missingKeysAreSaidAndNothingIsPublished() {
    relay.awaitProblem(SOON, Kind.MISSING, SETTINGS + ": found no such key");
    relay.awaitProblem(SOON, Kind.MISSING, KAFKA_ENABLED + ": found no such key");
    assertThat(relay.inForce()).isEqualTo(PublishingSettings.NONE);
    assertThat(relay.status().established()).isFalse();
    assertThat(relay.current())
        .satisfies(
            f ->
                await()
                    .untilAsserted(() -> assertThat(FailureCode.NOT_READY.is(f.cause())).isTrue()));
    assertThat(relay.announced()).isEmpty();
  }

  @Test
  void whatIsWrittenIsAnnouncedOnceAndAnswered() throws Exception {
    consul.putTogether(Map.of(SETTINGS, yaml("a:1", "b:2"), KAFKA_ENABLED, "true"));
    relay.awaitBrokers(SOON, "a:1", "b:2");
    PublishingSettings now = relay.current().await();
    assertThat(now.pluginEnabled()).isTrue();
    assertThat(now.publishNewEnvironments()).isTrue();
    assertThat(now.settingsIndex()).isPositive();
    assertThat(now.kafkaEnabledIndex()).isPositive();
    assertThat(relay.status().problems()).isEmpty();
    assertThat(relay.announced()).containsExactly(now);
  }

  @Test
  void aChangeIsInForceWithinMilliseconds() throws Exception {
    consul.put(SETTINGS, yaml("a:1"));
    relay.awaitBrokers(SOON, "a:1");
    List<Long> took = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      consul.put(SETTINGS, yaml("a:" + (100 + i)));
      took.add(relay.awaitBrokers(SOON, "a:" + (100 + i)).toMillis());
    }
    assertThat(Collections.min(took)).as("quickest of %s ms", took).isLessThan(100);
  }

  @Test
  void aDeletedKeyChangesNothingUntilItIsBack() throws Exception {
    consul.put(SETTINGS, yaml("a:1"));
    consul.put(KAFKA_ENABLED, "true");
    relay.awaitStatus(SOON, s -> s.inForce().publishNewEnvironments() && s.established());
    consul.delete(SETTINGS);
    consul.delete(KAFKA_ENABLED);
    relay.awaitProblem(SOON, Kind.MISSING, SETTINGS);
    relay.awaitProblem(
        SOON,
        Kind.MISSING,
        KAFKA_ENABLED + ": found no such key (expected: true or false); it stays true");
    assertThat(relay.inForce().bootstrapServers()).containsExactly("a:1");
    assertThat(relay.inForce().publishNewEnvironments()).isTrue();
    consul.put(SETTINGS, yaml("b:2"));
    consul.put(KAFKA_ENABLED, "false");
    relay.awaitBrokers(SOON, "b:2");
    relay.awaitStatus(SOON, s -> !s.inForce().publishNewEnvironments() && s.problems().isEmpty());
  }

  @Test
  void badValuesAreRefusedAndTheLastGoodOnesStay() throws Exception {
    consul.put(SETTINGS, yaml("a:1"));
    consul.put(KAFKA_ENABLED, "true");
    relay.awaitStatus(SOON, s -> s.established() && s.inForce().publishNewEnvironments());
    int announced = relay.announced().size();
    List<byte[]> bad =
        List.of(
            new byte[0],
            "integrationPlugins: {kafka: on}".getBytes(StandardCharsets.UTF_8),
            new byte[] {'a', ':', ' ', (byte) 0xff},
            "x: y # ".concat("z".repeat(500 * 1024)).getBytes(StandardCharsets.UTF_8));
    List<String> words =
        List.of("found nothing", "found a mapping", "no UTF-8 text", "512007 bytes");
    for (int i = 0; i < bad.size(); i++) {
      consul.put(SETTINGS, bad.get(i));
      relay.awaitProblem(SOON, Kind.REFUSED, words.get(i));
      assertThat(relay.inForce().bootstrapServers()).containsExactly("a:1");
      assertThat(relay.inForce().pluginEnabled()).isTrue();
    }
    assertThat(relay.announced()).hasSize(announced);
    assertThat(relay.registry().get("relay.config.refused").tag("key", SETTINGS).counter().count())
        .isEqualTo(bad.size());
    consul.put(SETTINGS, yaml("b:2"));
    relay.awaitStatus(
        SOON, s -> s.problems().isEmpty() && s.inForce().bootstrapServers().contains("b:2"));
  }

  @Test
  void aBrokenDocumentDoesNotHoldUpTheOtherKey() throws Exception {
    consul.put(SETTINGS, yaml("a:1"));
    relay.awaitBrokers(SOON, "a:1");
    consul.putTogether(Map.of(SETTINGS, "- broken", KAFKA_ENABLED, "true"));
    relay.awaitStatus(SOON, s -> s.inForce().publishNewEnvironments());
    relay.awaitProblem(SOON, Kind.REFUSED, "found a list");
    assertThat(relay.inForce().bootstrapServers()).containsExactly("a:1");
  }

  @Test
  void surprisingTextMeansOffAndIsSaid() throws Exception {
    consul.put(SETTINGS, yaml("a:1"));
    consul.put(KAFKA_ENABLED, "true");
    relay.awaitStatus(SOON, s -> s.inForce().publishNewEnvironments());
    consul.put(KAFKA_ENABLED, " true\n");
    relay.awaitProblem(SOON, Kind.SURPRISING, "found ' true\\n'");
    assertThat(relay.inForce().publishNewEnvironments()).isFalse();
  }

  @Test
  void bothKeysInOneTransactionAreOneChange() throws Exception {
    consul.putTogether(Map.of(SETTINGS, yaml("a:1"), KAFKA_ENABLED, "false"));
    relay.awaitBrokers(SOON, "a:1");
    for (int i = 2; i <= 60; i++) {
      String broker = "a:" + i;
      boolean on = i % 2 == 0;
      consul.putTogether(Map.of(SETTINGS, yaml(broker), KAFKA_ENABLED, "" + on));
      if (i % 5 == 0) {
        relay.awaitBrokers(SOON, broker);
      }
    }
    relay.awaitBrokers(SOON, "a:60");
    assertThat(relay.announced())
        .allSatisfy(
            s -> {
              int i = Integer.parseInt(s.bootstrapServers().get(0).substring(2));
              assertThat(s.publishNewEnvironments()).as("with a:%s", i).isEqualTo(i % 2 == 0);
            })
        .doesNotHaveDuplicates();
  }

  @Test
  void aThousandFlipsEndRightAndAreCoalesced() throws Exception {
    consul.put(SETTINGS, yaml("a:1"));
    relay.awaitBrokers(SOON, "a:1");
    for (int i = 0; i < 1000; i++) {
      consul.put(KAFKA_ENABLED, i % 2 == 0 ? "true" : "false");
    }
    consul.put(KAFKA_ENABLED, "true");
    relay.awaitStatus(SOON, s -> s.inForce().publishNewEnvironments());
    consul.put(KAFKA_ENABLED, "false");
    relay.awaitStatus(SOON, s -> !s.inForce().publishNewEnvironments());
    assertThat(relay.announced().size()).isBetween(2, 500);
  }

  @Test
  void aRewriteOfTheSameMeaningIsNoChange() throws Exception {
    consul.put(SETTINGS, yaml("a:1"));
    relay.awaitBrokers(SOON, "a:1");
    long before = relay.inForce().settingsIndex();
    consul.put(SETTINGS, yaml("a:1") + "# a comment\n");
    relay.awaitStatus(SOON, s -> s.inForce().settingsIndex() > before);
    assertThat(relay.announced()).hasSize(1);
  }

  @Test
  void aHostIsListedAsAServiceUntilItsOrderlyEnd() throws Exception {
    RegistrationVerticle registration =
        new RegistrationVerticle(
            relay.options(),
            new RegistrationOptions(true, "aliecs-relay", "host-1"),
            () -> new WebOptions("127.0.0.1", 8080, "127.0.0.1", 8081),
            relay.registry());
    String id = vertx.deployVerticle(registration).await();
    await().atMost(SOON).until(() -> services().containsKey("host-1"));
    JsonObject service = services().getJsonObject("host-1");
    assertThat(service.getString("Service")).isEqualTo("aliecs-relay");
    assertThat(service.getString("Address")).isEqualTo("127.0.0.1");
    assertThat(service.getInteger("Port")).isEqualTo(8080);
    assertThat(service.getJsonObject("Meta").getString("management_port")).isEqualTo("8081");
    await()
        .atMost(SOON)
        .until(() -> relay.registry().get("relay.config.registered").gauge().value() == 1);
    vertx.undeploy(id).await();
    assertThat(services()).isEmpty();
  }

  private JsonObject services() throws Exception {
    return new JsonObject(consul.request("GET", "/v1/agent/services", new byte[0]));
  }
}
