package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The switches in a real Consul, and Consul gone. */
class ConsulIT {
  private Site site;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    site = Site.open(folder);
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void switchesAreInForceWithoutARestart(@TempDir Path other) throws Exception {
    Map<String, String> stream = Map.of("ingest.bootstrap-servers", site.bootstrapServers());
    try (HostProcess relay = site.relay("switched", stream).start()) {
      long pid = relay.pid();
      AliEcsEvents one = run("2one", 800_001, "TRD", "TPC");
      site.awaitQuiet(relay);

      // Off: tracked, not published.
      site.turn(false);
      relay.awaitCheck("publisher", "off: integrationPlugins does not hold kafka");
      assertThat(relay.check("settings")).isEqualTo("UP plugin off");
      assertThat(relay.readyCode()).isEqualTo(200);
      site.topics().mark();
      AliEcsEvents two = run("2two", 800_002, "FT0", "ITS", "MFT");
      site.awaitQuiet(relay);
      relay.awaitState("2two", "RUNNING");
      assertThat(site.topics().uncommitted()).isEmpty();

      // On: the first list has what started meanwhile, and behind it comes the start of that.
      site.turn(true);
      List<Published> first = site.awaitCommitted(3);
      assertThat(first)
          .extracting(Published::topic)
          .containsExactly(Published.LIST, "aliecs.before_start_activity", Published.SOR);
      assertThat(ids(first.get(0))).containsExactly("2two", "2one");
      site.write(one.transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.NONE));
      site.awaitQuiet(relay);
      assertThat(topicsOf("2one"))
          .containsExactly(Published.EOR, "aliecs.env_state.CONFIGURED", Published.LIST);

      // A document that is not understood changes nothing, and is told.
      site.putSettings("kafkaEndpoints: 7\nintegrationPlugins: []\n");
      relay.awaitMetric("relay_config_problems", 1);
      assertThat(relay.log())
          .contains(Site.SETTINGS + ": kafkaEndpoints[0] (line 1, column ")
          .contains("'7'")
          .contains("the last good settings stay in force");
      site.topics().mark();
      site.write(one.startActivity(800_003, FailurePoint.NONE));
      site.awaitQuiet(relay);
      assertThat(topicsOf("2one")).contains(Published.SOR);
      site.turn(true);
      relay.awaitMetric("relay_config_problems", 0);

      // Elsewhere: everything from now on goes there, and first what is active.
      try (EmbeddedKafka elsewhere = EmbeddedKafka.start(other.resolve("kafka"), 0)) {
        site.topics().mark();
        site.putSettings(Site.settings(elsewhere.bootstrapServers(), true));
        relay.awaitCheck("settings", "plugin on");
        PublishedTopics there = new PublishedTopics(elsewhere.bootstrapServers());
        await("the first list elsewhere")
            .atMost(HostProcess.LIMIT)
            .until(() -> there.committed().size() == 1);
        assertThat(ids(there.committed().get(0))).containsExactly("2two", "2one");
        site.write(two.destroyed());
        site.awaitQuiet(relay);
        assertThat(there.committed())
            .extracting(Published::topic)
            .containsExactly(
                Published.LIST, Published.EOR, "aliecs.env_state.UNKNOWN", Published.LIST);
        assertThat(site.topics().uncommitted()).isEmpty();
        assertThat(relay.pid()).isEqualTo(pid);
        assertThat(relay.isAlive()).isTrue();
        assertThat(relay.terminate()).isZero();
      }
    }
  }

  @Test
  void withoutConsulItGoesOnWithTheLastGoodSettings() throws Exception {
    try (HostProcess relay = site.relay("orphaned", Map.of("ingest.run-grace", "200")).start()) {
      run("2before", 800_011, "ITS");
      site.awaitQuiet(relay);
      assertThat(relay.terminate()).isZero();
      site.consul().kill();
      site.topics().mark();

      relay.start();
      relay.awaitMetric("relay_config_consul_reachable", 0);
      AliEcsEvents after = run("2after", 800_012, "ITS", "TPC");
      site.awaitQuiet(relay);
      List<Published> all = site.topics().committed();
      assertThat(all.get(0).startsPublishing()).isTrue();
      assertThat(ids(all.get(0))).containsExactly("2before");
      assertThat(all).extracting(Published::topic).contains(Published.SOR);
      assertThat(ids(all.get(all.size() - 1))).containsExactly("2after", "2before");

      // What is changed once it is back is in force.
      site.consul().start();
      site.turn(false);
      relay.awaitCheck("publisher", "off: integrationPlugins does not hold kafka");
      site.topics().mark();
      site.write(after.destroyed());
      relay.awaitState("2after", "DONE");
      assertThat(site.topics().uncommitted()).isEmpty();
    }
  }

  @Test
  void withoutConsulAtItsFirstStartItIsOffAndSaysWhy() throws Exception {
    site.consul().kill();
    try (HostProcess relay = site.relay("first").launch()) {
      relay.awaitCheck("publisher", "off: no good settings have been read from Consul yet");
      assertThat(relay.readyCode()).isEqualTo(503);
      relay.awaitCheck("settings", "DOWN no good settings");

      site.consul().start();
      relay.awaitCheck("publisher", "UP publishing");
      relay.awaitCheck("ingest", "UP reading");
      assertThat(relay.readyCode()).isEqualTo(200);
    }
  }

  private AliEcsEvents run(String id, long run, String... detectors) throws Exception {
    AliEcsEvents events = AliEcsEvents.of(id, Instant::now);
    site.write(events.created(new EnvironmentSetup(id, List.of(detectors), "PHYSICS", true)));
    site.write(events.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    site.write(events.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    site.write(events.startActivity(run, FailurePoint.NONE));
    return events;
  }

  private List<String> topicsOf(String id) throws Exception {
    return site.topics().committed().stream()
        .filter(message -> id.equals(message.headers().get("ce_subject")))
        .map(Published::topic)
        .toList();
  }

  private static List<String> ids(Published list) {
    return list.list().getActiveRunsList().stream().map(run -> run.getEnvironmentId()).toList();
  }
}
