package io.aliecs.relay.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.ClusterStatus;
import io.aliecs.relay.bus.ComponentStatus;
import io.aliecs.relay.domain.Command;
import io.aliecs.relay.domain.Moment;
import io.aliecs.relay.domain.SourcePartition;
import io.aliecs.relay.domain.SourcePosition;
import io.aliecs.relay.domain.State;
import io.aliecs.relay.domain.Transition;
import io.aliecs.relay.settings.SettingsStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is served is what the OpenAPI document says, field by field. */
class OpenApiTest {
  private final RunningWeb web = new RunningWeb();
  private JsonObject document;

  @BeforeEach
  void read() {
    document = web.json("/api/v1/openapi.json");
  }

  @AfterEach
  void close() {
    web.close();
  }

  @Test
  void isServedBeforeAStateIsKnown() {
    assertThat(document.getString("openapi")).isEqualTo("3.1.0");
    assertThat(document.getJsonObject("paths").fieldNames())
        .containsExactlyInAnyOrder(
            "/api/v1/runs",
            "/api/v1/runs/stream",
            "/api/v1/environments",
            "/api/v1/environments/{id}",
            "/api/v1/settings",
            "/api/v1/delivery",
            "/api/v1/cluster",
            "/api/v1/statistics",
            "/api/v1/parked",
            "/api/v1/parked/resend",
            "/api/v1/openapi.json");
  }

  @Test
  void describesEveryAnswer() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2env", 5, true, "ITS", "TPC")
        .configured("2idle", false)
        .apply(
            web.event("2late", Moment.OBSERVED)
                .state(State.RUNNING)
                .runNumber(6L)
                .observed(true)
                .source(new SourcePosition(new SourcePartition("aliecs.environment", 0), 1))
                .build());
    check("/api/v1/runs", "/api/v1/runs");
    check("/api/v1/environments", "/api/v1/environments");
    for (String id : List.of("2env", "2idle", "2late")) {
      check("/api/v1/environments/{id}", "/api/v1/environments/" + id);
    }
    assertThat(web.json("/api/v1/runs").getJsonArray("runs")).hasSize(2);
    web.apply(
        new Command.Parked(
            List.of(new Command.Refusal(1, "aliecs.env_state.STANDBY", "too large", false)), 5));
    check("/api/v1/parked", "/api/v1/parked");
    check("/api/v1/delivery", "/api/v1/delivery");
    check("/api/v1/statistics", "/api/v1/statistics");
    check("/api/v1/runs", "/api/v1/runs?detector=its&runType=PHYSICS");
    check("/api/v1/environments/{id}", "/api/v1/environments/2env");
    web.apply(web.event("2env", Moment.DESTROYED).transition(Transition.DESTROY).build());
    check("/api/v1/environments", "/api/v1/environments?state=DONE");
    check("/api/v1/environments/{id}", "/api/v1/environments/2env");
  }

  @Test
  void describesTheEventsOfTheStream() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 5, true, "ITS").configured("2idle", false);
    try (EventStreamClient client = EventStreamClient.on(web)) {
      assertMatches(schema("StreamSnapshot"), client.next("snapshot").json(), "snapshot");
      web.running("2new", 6, true, "TPC");
      assertMatches(schema("StreamChange"), client.next("change").json(), "change");
      RunningWeb.await(web.vertx.undeploy(web.vertx.deploymentIDs().iterator().next()));
      assertMatches(schema("StreamCut"), client.next("cut").json(), "cut");
    }
  }

  @Test
  void describesTheSettings() {
    web.tell();
    check("/api/v1/settings", "/api/v1/settings");
    web.settings(RunningWeb.PLUGIN_ON)
        .answer(BusAddresses.SETTINGS_STATUS, SettingsTest.status(SettingsTest.REFUSED))
        .answer(BusAddresses.PUBLISHER_STATUS, new ComponentStatus(true, "publishing", "", 1));
    check("/api/v1/settings", "/api/v1/settings");
    web.answer(
        BusAddresses.SETTINGS_STATUS,
        SettingsTest.status(SettingsTest.AWAY, SettingsTest.SURPRISING));
    check("/api/v1/settings", "/api/v1/settings");
  }

  @Test
  void describesTheCluster() {
    List<ClusterStatus.Member> members =
        List.of(
            new ClusterStatus.Member("a", "10.0.0.1:7300", 0, 0),
            new ClusterStatus.Member("b", "10.0.0.2:7300", ClusterStatus.UNKNOWN, 7));
    web.answer(
        BusAddresses.CLUSTER_STATUS, new ClusterStatus("a", "a", true, 3, true, 5, 10, 0, members));
    check("/api/v1/cluster", "/api/v1/cluster");
    web.answer(
        BusAddresses.CLUSTER_STATUS,
        new ClusterStatus("a", "", false, 3, false, -1, 10, -1, members));
    check("/api/v1/cluster", "/api/v1/cluster");
  }

  @Test
  void describesProblems() {
    assertMatches(
        schema("Problem"), new JsonObject(web.get("/api/v1/runs").body()), "problem of runs");
  }

  @Test
  void namesTheConstantsOfTheDomain() {
    JsonObject step = schema("Step").getJsonObject("properties");
    assertThat(constants(step, "moment")).isEqualTo(names(Moment.values()));
    assertThat(constants(step, "transition")).isEqualTo(names(Transition.values()));
    assertThat(constants(schema("Refusal").getJsonObject("properties"), "kind"))
        .isEqualTo(names(SettingsStatus.Kind.values()));
    assertThat(constants(step, "state"))
        .isEqualTo(names(State.values()).stream().filter(s -> !s.equals("UNKNOWN")).toList());
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(Enum::name).toList();
  }

  private static List<Object> constants(JsonObject properties, String field) {
    return properties.getJsonObject(field).getJsonArray("enum").stream()
        .filter(Objects::nonNull)
        .toList();
  }

  private JsonObject schema(String name) {
    return document.getJsonObject("components").getJsonObject("schemas").getJsonObject(name);
  }

  private void check(String described, String path) {
    JsonObject schema =
        document
            .getJsonObject("paths")
            .getJsonObject(described)
            .getJsonObject("get")
            .getJsonObject("responses")
            .getJsonObject("200")
            .getJsonObject("content")
            .getJsonObject("application/json")
            .getJsonObject("schema");
    assertMatches(schema, web.json(path), path);
  }

  private void assertMatches(JsonObject schema, Object value, String where) {
    if (schema.containsKey("$ref")) {
      String ref = schema.getString("$ref");
      assertMatches(schema(ref.substring(ref.lastIndexOf('/') + 1)), value, where);
      return;
    }
    if (schema.containsKey("oneOf")) {
      if (value != null) {
        assertMatches(schema.getJsonArray("oneOf").getJsonObject(0), value, where);
      }
      return;
    }
    Object type = schema.getValue("type");
    List<?> types = type instanceof JsonArray several ? several.getList() : List.of(type);
    assertThat(types.contains(typeOf(value))).as("%s: %s is %s", where, value, types).isTrue();
    if (schema.containsKey("enum")) {
      assertThat(schema.getJsonArray("enum").contains(value)).as("%s: %s", where, value).isTrue();
    }
    if (value instanceof JsonObject object) {
      JsonObject properties = schema.getJsonObject("properties");
      assertThat(object.fieldNames()).as(where).isEqualTo(properties.fieldNames());
      for (String field : object.fieldNames()) {
        assertMatches(properties.getJsonObject(field), object.getValue(field), where + "." + field);
      }
    } else if (value instanceof JsonArray array) {
      for (Object item : array) {
        assertMatches(schema.getJsonObject("items"), item, where + "[]");
      }
    }
  }

  private static String typeOf(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof JsonObject) {
      return "object";
    }
    if (value instanceof JsonArray) {
      return "array";
    }
    if (value instanceof String) {
      return "string";
    }
    return value instanceof Boolean ? "boolean" : "integer";
  }
}
