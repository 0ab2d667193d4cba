package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.AliEcsTransition;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code relay forget}, as people use it: what AliECS has forgotten leaves the list. */
class ForgetIT {

  @Test
  void aRunThatNobodyEndsIsTakenOffTheListAndComesBackWithNewsOfIt(@TempDir Path folder)
      throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "3f1c9a77e05b4d28\n");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    try (Site site = Site.open(folder);
        HostProcess relay =
            site.relay("forget", Map.of("http.token-file", token.toString())).start()) {
      AliEcsEvents aliEcs = AliEcsEvents.of("2env", Instant::now);
      site.write(aliEcs.created(new EnvironmentSetup("2env", List.of("ITS"), "PHYSICS", true)));
      site.write(aliEcs.transition(AliEcsTransition.DEPLOY, FailurePoint.NONE));
      site.write(aliEcs.transition(AliEcsTransition.CONFIGURE, FailurePoint.NONE));
      site.write(aliEcs.startActivity(4711, FailurePoint.NONE));
      relay.awaitState("2env", "RUNNING");

      String[] arguments = {"forget", "2env", "--url", relay.http()};
      PackagedRelay.Ran unasked = PackagedRelay.run(arguments);
      assertThat(unasked.code()).isEqualTo(2);
      assertThat(unasked.err()).contains("--yes");
      PackagedRelay.Ran without =
          PackagedRelay.run("forget", "2env", "--url", relay.http(), "--yes");
      assertThat(without.code()).isEqualTo(1);
      assertThat(without.err()).contains("no token (expected: Authorization: Bearer");
      assertThat(relay.stateOf("2env")).isEqualTo("RUNNING");

      PackagedRelay.Ran ended =
          PackagedRelay.run(
              "forget",
              "2env",
              "--url",
              relay.http(),
              "--token-file",
              token.toString(),
              "--by",
              "anna@control1",
              "--yes");
      assertThat(ended.err()).isEmpty();
      assertThat(ended.out())
          .isEqualToIgnoringNewLines("2env has ended: forgotten by anna@control1");

      assertThat(relay.runs()).isEmpty();
      await()
          .atMost(HostProcess.LIMIT)
          .untilAsserted(
              () ->
                  assertThat(site.topics().committed())
                      .anyMatch(record -> record.topic().equals(Published.EOR))
                      .filteredOn(Published::isList)
                      .last()
                      .satisfies(list -> assertThat(list.list().getActiveRunsList()).isEmpty()));
      assertThat(relay.get("/api/v1/environments/2env").encode())
          .contains("forgotten by anna@control1");
      assertThat(relay.log()).contains("anna@control1");

      PackagedRelay.Ran unknown =
          PackagedRelay.run(
              "forget", "2other", "--url", relay.http(), "--token-file", token.toString(), "--yes");
      assertThat(unknown.code()).isEqualTo(1);
      assertThat(unknown.err()).contains("2other", "expected: an id from /api/v1/environments");

      site.write(aliEcs.transition(AliEcsTransition.STOP_ACTIVITY, FailurePoint.NONE));
      relay.awaitState("2env", "CONFIGURED");
    }
  }
}
