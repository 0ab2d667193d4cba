package io.aliecs.relay.web.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.status.ClusterStatus;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.bus.status.CoreComparison;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.aliecs.SourcePartition;
import io.aliecs.relay.domain.aliecs.SourcePosition;
import io.aliecs.relay.domain.aliecs.State;
import io.aliecs.relay.domain.aliecs.Transition;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.settings.SettingsStatus;
import io.aliecs.relay.web.RunningWeb;
import io.aliecs.relay.web.stream.EventStreamClient;
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
  private final Contract contract = Contract.read();
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
            "/api/v1/runs/resend",
            "/api/v1/environments",
            "/api/v1/environments/{id}",
            "/api/v1/environments/{id}/end",
            "/api/v1/environments/{id}/resend",
            "/api/v1/settings",
            "/api/v1/delivery",
            "/api/v1/cluster",
            "/api/v1/cluster/hosts",
            "/api/v1/cluster/hosts/{id}",
            "/api/v1/statistics",
            "/api/v1/changes",
            "/api/v1/parked",
            "/api/v1/parked/resend",
            "/api/v1/transitions",
            "/api/v1/openapi.json",
            "/api/v1/kafka.proto",
            "/api/v1/kafka.desc",
            "/query",
            "/ping");
  }

  @Test
  void describesEveryAnswer() {
    web.settings(RunningWeb.PLUGIN_ON)
        .running("2env", 5, true, "ITS", "TPC")
        .configured("2idle", false)
        .apply(
            web.event("2late", EventType.OBSERVED)
                .state(State.RUNNING)
                .runNumber(6L)
                .observed(true)
                .source(new SourcePosition(new SourcePartition("aliecs.environment", 0), 1))
                .build());
    check("/api/v1/runs");
    check("/api/v1/environments");
    for (String id : List.of("2env", "2idle", "2late")) {
      check("/api/v1/environments/" + id);
    }
    assertThat(web.json("/api/v1/runs").getJsonArray("runs")).hasSize(2);
    web.apply(
        new Command.Parked(
            List.of(new Command.Refusal(1, "aliecs.env_state.STANDBY", "too large", false)), 5));
    check("/api/v1/parked");
    check("/api/v1/delivery");
    ComponentStatus answering = new ComponentStatus(true, "answering", "", 1);
    web.answer(
        BusAddresses.RECONCILE_FOUND,
        new CoreComparison(
            answering, 2, List.of(new CoreComparison.Difference(2, "ended", "2env", null))));
    check("/api/v1/delivery");
    check("/api/v1/statistics");
    check("/api/v1/changes");
    check("/api/v1/runs?detector=its&runType=PHYSICS");
    check("/api/v1/environments/2env");
    web.apply(web.event("2env", EventType.DESTROYED).transition(Transition.DESTROY).build());
    check("/api/v1/environments?state=DONE");
    check("/api/v1/environments/2env");
  }

  @Test
  void describesTheEventsOfTheStream() {
    web.settings(RunningWeb.PLUGIN_ON).running("2env", 5, true, "ITS").configured("2idle", false);
    try (EventStreamClient client = EventStreamClient.on(web)) {
      contract.matches("StreamSnapshot", client.next("snapshot").data());
      web.running("2new", 6, true, "TPC");
      contract.matches("StreamChange", client.next("change").data());
      web.undeploy();
      contract.matches("StreamCut", client.next("cut").data());
    }
  }

  @Test
  void describesTheSettings() {
    web.tell();
    check("/api/v1/settings");
    web.settings(RunningWeb.PLUGIN_ON)
        .answer(BusAddresses.SETTINGS_STATUS, SettingsTest.status(SettingsTest.REFUSED))
        .answer(BusAddresses.PUBLISHER_STATUS, new ComponentStatus(true, "publishing", "", 1));
    check("/api/v1/settings");
    web.answer(
        BusAddresses.SETTINGS_STATUS,
        SettingsTest.status(SettingsTest.AWAY, SettingsTest.SURPRISING));
    check("/api/v1/settings");
  }

  @Test
  void describesTheCluster() {
    List<ClusterStatus.Member> members =
        List.of(
            new ClusterStatus.Member("a", "10.0.0.1:7300", 0, 0),
            new ClusterStatus.Member("b", "10.0.0.2:7300", ClusterStatus.UNKNOWN, 7));
    web.answer(
        BusAddresses.CLUSTER_STATUS,
        new ClusterStatus("a", "a", true, 3, true, 5, 10, 0, ClusterStatus.UNKNOWN, members));
    check("/api/v1/cluster");
    web.answer(
        BusAddresses.CLUSTER_STATUS,
        new ClusterStatus("a", "", false, 3, false, -1, 10, -1, ClusterStatus.UNKNOWN, members));
    check("/api/v1/cluster");
  }

  @Test
  void isHeldAgainstEveryAnswer() {
    String run =
        "{\"environmentId\":\"2env\",\"runNumber\":5,\"runType\":null,\"state\":\"RUNNING\","
            + "\"detectors\":[],\"enteredAt\":1,\"endAnnounced\":false,\"publish\":true,"
            + "\"notPublishedBecause\":null}";
    contract.matches("Run", run);
    for (String wrong :
        List.of(
            run.replace(":5,", ":\"5\","),
            run.replace("RUNNING", "RUN"),
            run.replace("\"detectors\":[],", ""),
            run.replace("\"publish\"", "\"more\":1,\"publish\""))) {
      assertThatThrownBy(() -> contract.matches("Run", wrong)).isInstanceOf(AssertionError.class);
    }
  }

  @Test
  void namesTheConstantsOfTheDomain() {
    JsonObject step = schema("Step").getJsonObject("properties");
    assertThat(constants(step, "moment")).isEqualTo(names(EventType.values()));
    assertThat(constants(step, "transition")).isEqualTo(names(Transition.values()));
    assertThat(constants(schema("Refusal").getJsonObject("properties"), "kind"))
        .isEqualTo(names(SettingsStatus.Kind.values()));
    assertThat(constants(step, "state")).isEqualTo(names(State.values()));
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

  /** The client of {@link RunningWeb} holds it against the contract. */
  private void check(String path) {
    assertThat(web.get(path).statusCode()).as(path).isEqualTo(200);
  }
}
