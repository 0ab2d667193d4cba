package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.consul.ConsulOptions;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.settings.EffectiveSetting;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.settings.SettingsStatus.Kind;
import io.aliecs.relay.settings.SettingsStatus.Problem;
import io.aliecs.relay.web.RunningWeb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the API says of the switches in Consul. */
public class SettingsTest {
  public static final Problem REFUSED =
      new Problem(
          ConsulOptions.SETTINGS_KEY,
          Kind.REFUSED,
          "settings: kafkaEndpoint (line 2, column 1): found '' (expected: host:port)",
          12,
          2_000);
  static final Problem SURPRISING =
      new Problem(ConsulOptions.KAFKA_ENABLED_KEY, Kind.SURPRISING, "found 'TRUE'", 13, 2_100);
  public static final Problem AWAY =
      new Problem(ConsulOptions.SETTINGS_KEY, Kind.UNREADABLE, "unreachable", 0, 3_000);

  private static final String PATH = "/api/v1/settings";

  private final RunningWeb web = new RunningWeb();

  @AfterEach
  void close() {
    web.close();
  }

  /** What the config verticle says after it has read what the tests have in force. */
  public static SettingsStatus status(Problem... problems) {
    boolean reachable = Arrays.stream(problems).noneMatch(p -> p.kind() == Kind.UNREADABLE);
    return new SettingsStatus(
        new PublishingSettings(true, List.of("kafka:9092"), true, 10, 11),
        true,
        reachable,
        4_000,
        List.of(problems),
        ConsulOptions.SETTINGS_KEY,
        ConsulOptions.KAFKA_ENABLED_KEY);
  }

  @Test
  void isNotReadyBeforeAStateIsKnown() {
    assertThat(web.get(PATH).statusCode()).isEqualTo(503);
  }

  @Test
  void saysWhenThereNeverWereAnyAndWhenNobodyAnswers() {
    JsonObject json = web.tell().json(PATH);
    assertThat(json.fieldNames()).contains("settings", "consul", "publisher");
    assertThat(json.getValue("settings")).isNull();
    assertThat(json.getValue("consul")).isNull();
    assertThat(json.getValue("publisher")).isNull();
  }

  @Test
  void saysWhatIsInForceSinceWhenAndFromWhere() {
    web.answer(BusAddresses.SETTINGS_STATUS, status())
        .answer(
            BusAddresses.PUBLISHER_STATUS,
            new ComponentStatus(false, "failing", "kafka:9092 refuses", 5_000))
        .settings(RunningWeb.PLUGIN_ON);

    JsonObject json = web.json(PATH);

    assertThat(json.getJsonObject("settings"))
        .isEqualTo(
            new JsonObject()
                .put("pluginEnabled", true)
                .put("brokers", new JsonArray().add("kafka:9092"))
                .put("streamBrokers", new JsonArray().add("kafka:9092"))
                .put("streamEnabled", true)
                .put("publishNewEnvironments", true)
                .put("since", web.state.settingsSince()));
    assertThat(json.getJsonObject("publisher"))
        .isEqualTo(
            new JsonObject()
                .put("healthy", false)
                .put("state", "failing")
                .put("reason", "kafka:9092 refuses")
                .put("since", 5_000));
    JsonObject consul = json.getJsonObject("consul");
    assertThat(consul.getBoolean("reachable")).isTrue();
    assertThat(consul.getBoolean("inForce")).isTrue();
    assertThat(consul.getLong("lastAnswer")).isEqualTo(4_000);
    assertThat(consul.getJsonArray("unreadable")).isEmpty();
    assertThat(key(json, 0).getString("key")).isEqualTo(ConsulOptions.SETTINGS_KEY);
    assertThat(key(json, 0).getLong("modifyIndex")).isEqualTo(10);
    assertThat(key(json, 0).getValue("refusal")).isNull();
    assertThat(key(json, 1).getString("key")).isEqualTo(ConsulOptions.KAFKA_ENABLED_KEY);
    assertThat(key(json, 1).getLong("modifyIndex")).isEqualTo(11);
  }

  @Test
  void showsTheSettingsOfThisHostWithTheirOrigin() {
    JsonArray host = web.tell().json(PATH).getJsonArray("host");
    assertThat(host)
        .containsExactly(
            new JsonObject().put("name", "http.port").put("value", "8080").put("origin", "default"),
            new JsonObject()
                .put("name", "kafka.client.sasl.jaas.config")
                .put("value", EffectiveSetting.MASK)
                .put("origin", "conf/relay.yaml"));
  }

  @Test
  void saysForEachKeyWhyItsNewestValueWasRefused() {
    web.answer(BusAddresses.SETTINGS_STATUS, status(REFUSED, SURPRISING, AWAY))
        .settings(RunningWeb.PLUGIN_ON);

    JsonObject json = web.json(PATH);

    assertThat(key(json, 0).getJsonObject("refusal"))
        .isEqualTo(
            new JsonObject()
                .put("kind", "REFUSED")
                .put("reason", REFUSED.message())
                .put("modifyIndex", 12)
                .put("since", 2_000));
    assertThat(key(json, 0).getLong("modifyIndex")).isEqualTo(10);
    assertThat(key(json, 1).getJsonObject("refusal").getString("kind")).isEqualTo("SURPRISING");
    JsonObject consul = json.getJsonObject("consul");
    assertThat(consul.getBoolean("reachable")).isFalse();
    assertThat(consul.getJsonArray("unreadable").getJsonObject(0).getString("reason"))
        .isEqualTo("unreachable");
  }

  @Test
  void saysWhenWhatWasReadIsNotInForceYet() {
    web.answer(BusAddresses.SETTINGS_STATUS, status())
        .settings(new PublishingSettings(false, List.of(), true, 1, 1));
    assertThat(web.json(PATH).getJsonObject("consul").getBoolean("inForce")).isFalse();
  }

  @Test
  void hasATagThatFollowsItsContent() {
    web.answer(BusAddresses.SETTINGS_STATUS, status()).settings(RunningWeb.PLUGIN_ON);
    HttpResponse<String> first = web.get(PATH);
    String tag = first.headers().firstValue("etag").orElseThrow();
    assertThat(web.get(PATH, "If-None-Match", tag).statusCode()).isEqualTo(304);
    web.answer(BusAddresses.SETTINGS_STATUS, status(REFUSED));
    assertThat(web.get(PATH, "If-None-Match", tag).statusCode()).isEqualTo(200);
  }

  private static JsonObject key(JsonObject json, int place) {
    return json.getJsonObject("consul").getJsonArray("keys").getJsonObject(place);
  }
}
