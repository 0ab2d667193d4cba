package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From AliECS's own plugin to the relay and back, as docs/migrating.md tells it. */
class MigratingIT {
  /** Sooner than by default: the test waits until the run events have had their say. */
  private static final String GRACE = "ingest.run-grace";

  private static final String BESIDE = "kafka.topic-prefix=relay.";

  /** Of a life up to its run: seven notifications, and that the run is in the list. */
  private static final int SAID_UP_TO_A_RUN = 8;

  /** Of the rest: four, and that the run leaves the list. */
  private static final int SAID_OF_ITS_END = 5;

  private final Map<String, AliEcsEvents> lives = new HashMap<>();
  private Site site;
  private AliEcsPlugin plugin;

  @Test
  void readersGetEachStartAndEndOnceBesideAtTheSwitchAndBack(@TempDir Path folder)
      throws Exception {
    try (Site opened = Site.open(folder);
        AliEcsPlugin on = AliEcsPlugin.start(opened.bootstrapServers())) {
      site = opened;
      plugin = on;
      try (HostProcess beside =
          site.relay("migrating", Map.of("kafka.topic-prefix", "relay.", GRACE, "200")).start()) {
        run("2a", "ITS", 600_101);
        end("2a");
        run("2b", "TPC", 600_102);
        end("2b");
        run("2c", "TOF", 600_103);
        site.awaitQuiet(beside);
        assertThatBothSayTheSame();
        assertThat(beside.terminate()).isZero();
      }
      coreRestarts(false);
      try (HostProcess alone = site.relay("migrating", Map.of(GRACE, "200")).start()) {
        alone.awaitState("2c", "DONE");
        run("2d", "ITS", 600_104);
        alone.awaitState("2d", "RUNNING");
        assertThat(alone.runs()).hasSize(1);
        end("2d");
        site.awaitQuiet(alone);
        assertThat(alone.terminate()).isZero();
      }
      coreRestarts(true);
      run("2e", "TPC", 600_105);
      end("2e");

      assertThat(readers())
          .containsOnlyKeys("2a", "2b", "2c", "2d", "2e")
          .allSatisfy(
              (id, told) ->
                  assertThat(told).as(id).containsExactlyInAnyOrder(Published.SOR, Published.EOR));
    }
  }

  private void assertThatBothSayTheSame() throws Exception {
    PackagedRelay.Ran ran = relay("compare", "--json", "--set", BESIDE);
    assertThat(ran.code()).as("%s%s", ran.out(), ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    JsonObject result = new JsonObject(lines.get(lines.size() - 1));
    assertThat(result.getInteger("same"))
        .as("of three environments, two of which have ended; %s", result)
        .isEqualTo(3 * SAID_UP_TO_A_RUN + 2 * SAID_OF_ITS_END);
  }

  private void run(String id, String detector, long number) throws Exception {
    AliEcsEvents aliEcs = AliEcsEvents.of(id, Instant::now);
    lives.put(id, aliEcs);
    EnvironmentSetup setup = setup(id, detector);
    write(setup, aliEcs.created(setup));
    write(setup, aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    write(setup, aliEcs.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    write(setup, aliEcs.startActivity(number, FailurePoint.NONE));
  }

  private void end(String id) throws Exception {
    AliEcsEvents aliEcs = lives.get(id);
    write(setup(id, ""), aliEcs.transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.NONE));
    write(setup(id, ""), aliEcs.destroyed());
  }

  private static EnvironmentSetup setup(String id, String detector) {
    return new EnvironmentSetup(id, List.of(detector), "PHYSICS", true);
  }

  private void write(EnvironmentSetup setup, List<SimulatedEvent> events) throws Exception {
    site.write(events);
    plugin.follow(setup, events);
  }

  private void coreRestarts(boolean with) throws Exception {
    plugin.coreRestarts(with);
    site.write(List.of(ForeignEvents.coreStarted(Instant.now())));
  }

  /** The starts and ends that a reader of AliECS's own topics gets, by environment. */
  private Map<String, List<String>> readers() throws Exception {
    PackagedRelay.Ran ran = relay("tail", "--runs", "--from-beginning", "--json", "--timeout=3s");
    assertThat(ran.code()).as(ran.err()).isZero();
    return ran.out()
        .lines()
        .map(JsonObject::new)
        .collect(
            Collectors.groupingBy(
                line ->
                    line.getJsonObject("value").getJsonObject("envInfo").getString("environmentId"),
                Collectors.mapping(line -> line.getString("topic"), Collectors.toList())));
  }

  private PackagedRelay.Ran relay(String command, String... arguments) throws Exception {
    return PackagedRelay.run(
        Stream.concat(
                Stream.of(command, "--bootstrap", site.bootstrapServers()), Stream.of(arguments))
            .toArray(String[]::new));
  }
}
