package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends though AliECS never says so, and what AliECS says that is not meant for readers. */
class TruthIT {
  private static final String UNKNOWN = "aliecs.env_state.UNKNOWN";

  private static Site site;
  private static HostProcess relay;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    site = Site.open(folder);
    relay =
        site.relay("truth", Map.of("ingest.run-grace", "200", "history.end-grace", "1000")).start();
  }

  @AfterAll
  static void stop() throws Exception {
    int code = relay.terminate();
    site.close();
    assertThat(code).isZero();
  }

  @BeforeEach
  void begin() throws Exception {
    site.topics().mark();
  }

  @Test
  void aCoreThatStartsAnewEndsWhatTheOneBeforeHad() throws Exception {
    running(setup("2core-running", "ITS"), 700_001);
    configured(setup("2core-configured", "TPC"));
    relay.awaitState("2core-running", "RUNNING");
    relay.awaitState("2core-configured", "CONFIGURED");

    SimulatedEvent core = ForeignEvents.coreStarted(Instant.now());
    site.write(List.of(core));
    relay.awaitState("2core-running", "DONE");
    relay.awaitState("2core-configured", "DONE");
    AliEcsEvents next = running(setup("2core-next", "ITS"), 700_002);
    relay.awaitState("2core-next", "RUNNING");
    site.awaitQuiet(relay);

    assertEnded("2core-running", 700_001, core.event().getTimestamp(), "core restarted");
    assertThat(topicsOf("2core-configured")).endsWith("aliecs.env_leave_state.CONFIGURED", UNKNOWN);
    assertThat(relay.reasonOfEnd("2core-configured")).isEqualTo("core restarted");
    assertThat(lastList()).containsExactly("2core-next");
    site.write(next.destroyed());
    site.awaitQuiet(relay);
  }

  @Test
  void aHousekeepingWorkflowIsShownAndNeitherPublishedNorListed() throws Exception {
    AliEcsEvents housekeeping =
        running(
            new EnvironmentSetup("2roc", List.of("TOF"), "TECHNICAL", true, "o2-roc-config"),
            700_011);
    relay.awaitState("2roc", "RUNNING");
    AliEcsEvents physics = running(setup("2physics", "MCH"), 700_012);
    relay.awaitState("2physics", "RUNNING");

    JsonObject shown = relay.get("/api/v1/environments/2roc").getJsonObject("environment");
    assertThat(shown.getString("workflow")).isEqualTo("o2-roc-config");
    assertThat(shown.getBoolean("workflowMeant")).isFalse();
    assertThat(shown.getBoolean("publish")).isFalse();

    site.write(housekeeping.destroyed());
    site.write(physics.destroyed());
    site.awaitQuiet(relay);
    assertThat(topicsOf("2roc")).isEmpty();
    assertThat(topicsOf("2physics")).contains(Published.SOR, Published.EOR);
    assertThat(site.topics().committed())
        .filteredOn(Published::isList)
        .flatExtracting(list -> list.list().getActiveRunsList())
        .extracting(EnvInfo::getEnvironmentId)
        .contains("2physics")
        .doesNotContain("2roc");
  }

  @Test
  void anEnvironmentWhoseDetectorWasGivenAwayEndsAfterTheGrace() throws Exception {
    running(setup("2taken-old", "TRD"), 700_021);
    relay.awaitState("2taken-old", "RUNNING");

    AliEcsEvents next = AliEcsEvents.of("2taken-new", Instant::now);
    long loaded = site.write(next.created(setup("2taken-new", "TRD"))).saying("workflow loaded");
    relay.awaitState("2taken-old", "DONE");
    site.awaitQuiet(relay);

    assertEnded("2taken-old", 700_021, loaded, "detector TRD is now in environment 2taken-new");
    assertThat(relay.stateOf("2taken-new")).isEqualTo("STANDBY");
    site.write(next.destroyed());
    site.awaitQuiet(relay);
  }

  @Test
  void aTeardownThatOnlyTheRunTopicTellsEndsAfterTheGrace() throws Exception {
    AliEcsEvents aliEcs = running(setup("2torn", "MID"), 700_031);
    relay.awaitState("2torn", "RUNNING");

    List<SimulatedEvent> told =
        aliEcs.destroyed().stream()
            .filter(event -> event.topic().equals(SimulatedEvent.RUN_TOPIC))
            .toList();
    assertThat(told).isNotEmpty();
    site.write(told);
    relay.awaitState("2torn", "DONE");
    site.awaitQuiet(relay);

    assertEnded("2torn", 700_031, told.get(0).event().getTimestamp(), "torn down");
  }

  private static EnvironmentSetup setup(String id, String detector) {
    return new EnvironmentSetup(id, List.of(detector), "PHYSICS", true);
  }

  private static AliEcsEvents configured(EnvironmentSetup setup) throws Exception {
    AliEcsEvents aliEcs = AliEcsEvents.of(setup.environmentId(), setup.workflow(), Instant::now);
    site.write(aliEcs.created(setup));
    site.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    site.write(aliEcs.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    return aliEcs;
  }

  private static AliEcsEvents running(EnvironmentSetup setup, long run) throws Exception {
    AliEcsEvents aliEcs = configured(setup);
    site.write(aliEcs.startActivity(run, FailurePoint.NONE));
    return aliEcs;
  }

  /** Its last messages are one EOR and UNKNOWN at that time, and its timeline says why. */
  private static void assertEnded(String id, long run, long when, String reason) throws Exception {
    List<Published> all = messagesOf(id);
    assertThat(all)
        .filteredOn(message -> message.topic().equals(Published.EOR))
        .singleElement()
        .satisfies(
            eor -> {
              assertThat(eor.notification().getEnvInfo().getRunNumber()).isEqualTo((int) run);
              assertThat(eor.notification().getTimestamp()).isEqualTo(when);
            });
    assertThat(all).extracting(Published::topic).endsWith(Published.EOR, UNKNOWN);
    Published last = all.get(all.size() - 1);
    assertThat(last.notification().getTimestamp()).isEqualTo(when);
    assertThat(site.topics().committed())
        .filteredOn(message -> message.isList() && message.sequence() == last.sequence())
        .singleElement()
        .satisfies(
            list ->
                assertThat(list.list().getActiveRunsList())
                    .extracting(EnvInfo::getEnvironmentId)
                    .doesNotContain(id));
    assertThat(relay.reasonOfEnd(id)).isEqualTo(reason);
  }

  private static List<String> topicsOf(String id) throws Exception {
    return messagesOf(id).stream().map(Published::topic).toList();
  }

  private static List<Published> messagesOf(String id) throws Exception {
    return site.topics().committed().stream().filter(message -> id.equals(message.key())).toList();
  }

  private static List<String> lastList() throws Exception {
    List<Published> lists = site.topics().committed().stream().filter(Published::isList).toList();
    return lists.get(lists.size() - 1).list().getActiveRunsList().stream()
        .map(EnvInfo::getEnvironmentId)
        .toList();
  }
}
