package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.lab.simulate.events.ForeignEvents;
import io.aliecs.relay.proto.control.EnvironmentInfo;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.testkit.FakeCore;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What AliECS's stream does not tell is asked of its core over gRPC. */
@ExtendWith(VertxExtension.class)
class CoreIT {
  private static final String LOST = "2lost";
  private static final String MISSED = "2missed";

  @TempDir Path folder;
  private Instant now = Instant.now().minusSeconds(60);

  @Test
  void aRunWhoseEndWasLostLeavesTheListAndOneThatWasMissedIsAdopted(Vertx vertx) throws Exception {
    try (Site site = Site.open(folder)) {
      FakeCore core = FakeCore.start(vertx, 0).await();
      core.put(running(LOST, 500_001));
      try (HostProcess relay =
          site.relay("core", Map.of("aliecs.core", core.address(), "aliecs.core-interval", "1000"))
              .start()) {
        write(site, LOST, "ITS", 500_001);
        relay.awaitState(LOST, "RUNNING");

        core.remove(LOST);
        core.put(running(MISSED, 500_002));

        relay.awaitState(LOST, "DONE");
        relay.awaitState(MISSED, "RUNNING");
        relay.awaitMetric("relay_outbox_entries", 0);
        assertThat(site.topics().committed())
            .extracting(Published::topic)
            .contains("aliecs.env_leave_state.RUNNING", "aliecs.env_state.UNKNOWN");
        assertThat(relay.readyCode()).isEqualTo(200);
      }
    }
  }

  @Test
  void whatTheHistoryOfTheStreamHasLeftOpenIsJudgedBeforeTheFirstList(Vertx vertx)
      throws Exception {
    try (Site site = Site.open(folder)) {
      write(site, "2of-a-core-before", "ITS", 500_011);
      site.write(List.of(ForeignEvents.coreStarted(tick())));
      write(site, "2detector-taken", "TPC", 500_012);
      write(site, LOST, "TOF", 500_013);
      write(site, "2on", "TPC", 500_014);
      FakeCore core = FakeCore.start(vertx, 0).await();
      core.put(running("2on", 500_014));

      try (HostProcess relay =
          site.relay("history", Map.of("aliecs.core", core.address())).start()) {
        relay.awaitMetric("relay_outbox_entries", 0);
        List<Published> all = site.topics().committed();
        assertThat(all).isNotEmpty().allSatisfy(one -> assertThat(one.isList()).isTrue());
        assertThat(all)
            .allSatisfy(
                list ->
                    assertThat(list.list().getActiveRunsList())
                        .extracting(EnvInfo::getEnvironmentId)
                        .containsExactly("2on"));
        assertThat(relay.reasonOfEnd("2of-a-core-before")).isEqualTo("core restarted");
        assertThat(relay.reasonOfEnd("2detector-taken"))
            .as("whichever is seen first")
            .isIn("detector TPC is now in environment 2on", "the core does not know it");
        assertThat(relay.reasonOfEnd(LOST)).isEqualTo("the core does not know it");
      }
    }
  }

  /** Not of just now: of what it hears of then the core's answer decides nothing. */
  private Instant tick() {
    now = now.plusMillis(1);
    return now;
  }

  private void write(Site site, String id, String detector, long run) throws Exception {
    AliEcsEvents aliEcs = AliEcsEvents.of(id, this::tick);
    site.write(aliEcs.created(new EnvironmentSetup(id, List.of(detector), "PHYSICS", true)));
    site.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
    site.write(aliEcs.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
    site.write(aliEcs.startActivity(run, FailurePoint.NONE));
  }

  private static EnvironmentInfo running(String id, int run) {
    return EnvironmentInfo.newBuilder()
        .setId(id)
        .setCreatedWhen(Instant.now().minusSeconds(60).toEpochMilli())
        .setState("RUNNING")
        .setRootRole("readout-dataflow")
        .setCurrentRunNumber(run)
        .putVars("run_type", "PHYSICS")
        .putVars("kafka_enabled", "true")
        .addIncludedDetectors("ITS")
        .build();
  }
}
