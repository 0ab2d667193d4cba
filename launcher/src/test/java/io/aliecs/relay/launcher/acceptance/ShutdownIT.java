package io.aliecs.relay.launcher.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.dev.KafkaProcess;
import io.aliecs.relay.launcher.simulate.AliEcsEvents;
import io.aliecs.relay.launcher.simulate.EnvironmentSetup;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A relay that is ended while the broker it publishes to stands still. */
class ShutdownIT {
  /** What a shell shows for a process that SIGTERM has ended. */
  private static final int ENDED_BY_SIGNAL = 143;

  @Test
  void theFirstSigtermDrainsAndASecondOneEndsAtOnceAndLosesNothing(@TempDir Path folder)
      throws Exception {
    try (Site site = Site.open(folder);
        KafkaProcess broker = KafkaProcess.start(folder.resolve("broker"), 0)) {
      site.putSettings(Site.settings(broker.bootstrapServers(), true));
      Map<String, String> settings =
          Map.of(
              "ingest.bootstrap-servers", site.bootstrapServers(), "kafka.flush-timeout", "30000");
      try (RelayProcess relay = site.relay("shutdown", settings).start()) {
        broker.suspend();
        site.write(
            AliEcsEvents.of("2env", Instant::now)
                .created(new EnvironmentSetup("2env", List.of("ITS"), "PHYSICS", true)));
        relay.awaitState("2env", "STANDBY");

        relay.signal("TERM");
        relay.awaitCheck("ingest", "ABSENT"); // it stops in order, and waits for the broker now
        relay.signal("TERM");
        assertThat(relay.awaitExit()).isEqualTo(ENDED_BY_SIGNAL);

        broker.resume();
        relay.start();
        relay.awaitMetric("relay_outbox_entries", 0);
        assertThat(new PublishedTopics(broker.bootstrapServers()).committed())
            .filteredOn(message -> message.topic().equals("aliecs.env_state.STANDBY"))
            .extracting(Published::key)
            .containsExactly("2env");
        assertThat(relay.terminate()).isZero();
      }
    }
  }
}
