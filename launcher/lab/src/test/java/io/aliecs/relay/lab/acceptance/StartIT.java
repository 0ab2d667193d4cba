package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.simulate.Simulation;
import io.aliecs.relay.lab.simulate.SimulationOptions;
import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.lab.simulate.events.SimulatedEvent;
import io.aliecs.relay.proto.events.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run is announced when it has its number, whatever its hooks then take. That they take long is
 * in the times of the events only: the next one is not written until the announcement was read.
 */
class StartIT {
  private static final String ANNOUNCED = "aliecs.before_start_activity";

  private static Site site;
  private static HostProcess relay;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    site = Site.open(folder);
    // Whoever waits for the grace is not in time.
    relay = site.relay("start", Map.of("ingest.run-grace", "60000")).start();
  }

  @AfterAll
  static void stop() throws Exception {
    relay.close();
    site.close();
  }

  @BeforeEach
  void begin() throws Exception {
    site.topics().mark();
  }

  @ParameterizedTest
  @CsvSource({
    "300, false",
    "8000, false",
    "140000, false",
    "300, true",
    "8000, true",
    "140000, true"
  })
  void aRunIsAnnouncedBeforeItsHooksAreThrough(long hooksMs, boolean besideOthers)
      throws Exception {
    String id = "2start-" + hooksMs + "-" + besideOthers;
    long run = 710_000 + hooksMs + (besideOthers ? 1 : 0);
    try (Simulation others = besideOthers ? busy() : null) {
      if (others != null) {
        await("others").atMost(HostProcess.LIMIT).until(() -> others.transitions() > 40);
      }
      AliEcsEvents aliEcs = AliEcsEvents.of(id, Instant::now);
      site.write(aliEcs.created(new EnvironmentSetup(id, List.of("X1"), "PHYSICS", true)));
      site.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
      site.write(aliEcs.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
      relay.awaitState(id, "CONFIGURED");

      List<SimulatedEvent> start = aliEcs.startActivity(run, FailurePoint.NONE);
      int numbered = firstOfRun(start);
      site.write(start.subList(0, numbered + 1));
      long numberedAt = start.get(numbered).event().getTimestamp();
      await(ANNOUNCED)
          .atMost(HostProcess.LIMIT)
          .untilAsserted(() -> assertThat(ofRun(id, run)).hasSize(1));
      Published announced = ofRun(id, run).get(0);
      assertThat(announced.topic()).isEqualTo(ANNOUNCED);
      assertThat(announced.notification().getTimestamp()).isEqualTo(numberedAt);

      site.write(later(start.subList(numbered + 1, start.size()), hooksMs));
      relay.awaitState(id, "RUNNING");
      site.write(later(aliEcs.destroyed(), hooksMs));
      relay.awaitState(id, "DONE");
      await("everything is published")
          .atMost(HostProcess.LIMIT)
          .untilAsserted(
              () ->
                  assertThat(ofRun(id, run))
                      .extracting(Published::topic)
                      .containsExactly(ANNOUNCED, Published.SOR, Published.EOR));
    }
  }

  /** Others that start runs all the time. */
  private static Simulation busy() {
    return Simulation.start(
        new SimulationOptions(site.bootstrapServers(), 8, 30, 0, 1, 0, 0, 900_000, 1));
  }

  private static int firstOfRun(List<SimulatedEvent> start) {
    for (int i = 0; i < start.size(); i++) {
      if (start.get(i).topic().equals(SimulatedEvent.RUN_TOPIC)) {
        return i;
      }
    }
    throw new AssertionError("no event of the run in " + start);
  }

  private static List<SimulatedEvent> later(List<SimulatedEvent> events, long ms) {
    return events.stream()
        .map(
            one -> {
              Event event = one.event();
              long nanos = event.getTimestampNano() + TimeUnit.MILLISECONDS.toNanos(ms);
              return new SimulatedEvent(
                  one.topic(),
                  one.key(),
                  event.toBuilder()
                      .setTimestamp(event.getTimestamp() + ms)
                      .setTimestampNano(nanos)
                      .build());
            })
        .toList();
  }

  private static List<Published> ofRun(String id, long run) throws Exception {
    return site.topics().committed().stream()
        .filter(message -> id.equals(message.key()))
        .filter(message -> message.notification().getEnvInfo().getRunNumber() == (int) run)
        .toList();
  }
}
