package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.EnvironmentSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code relay resend}, as people use it: a reader gets once more what it has lost. */
class ResendIT {

  @Test
  void whatAReaderHasLostComesOnceMoreForEachRequest(@TempDir Path folder) throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "3f1c9a77e05b4d28\n");
    Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
    try (Site site = Site.open(folder);
        HostProcess relay =
            site.relay("resend", Map.of("http.token-file", token.toString())).start()) {
      AliEcsEvents aliEcs = AliEcsEvents.of("2env", Instant::now);
      site.write(aliEcs.created(new EnvironmentSetup("2env", List.of("ITS"), "PHYSICS", true)));
      relay.awaitState("2env", "STANDBY");

      assertThat(resend(relay, "--list", "--environment", "2env").code()).isEqualTo(2);
      assertThat(resend(relay).code()).isEqualTo(2);
      PackagedRelay.Ran without = resend(relay, "--list");
      assertThat(without.code()).isEqualTo(1);
      assertThat(without.err()).contains("no token (expected: Authorization: Bearer");

      String[] list = {"--list", "--token-file", token.toString(), "--request-id", "7d3c"};
      assertThat(resend(relay, list).out()).isEqualToIgnoringNewLines("safe, and on its way: 7d3c");
      assertThat(resend(relay, list).out()).isEqualToIgnoringNewLines("asked for before: 7d3c");
      PackagedRelay.Ran state =
          resend(relay, "--environment", "2env", "--token-file", token.toString(), "--json");
      assertThat(state.err()).isEmpty();
      assertThat(state.code()).isZero();

      await()
          .atMost(HostProcess.LIMIT)
          .untilAsserted(
              () -> {
                assertThat(site.topics().committed())
                    .filteredOn(record -> record.topic().equals("aliecs.env_state.STANDBY"))
                    .hasSize(2);
                assertThat(site.topics().committed())
                    .filteredOn(Published::isList)
                    .hasSize(3); // at the start, of the creation, and the one that was asked for
              });

      PackagedRelay.Ran unreadable = resend(relay, "--list", "--token-file", token + "-none");
      assertThat(unreadable.code()).isEqualTo(1);
      assertThat(unreadable.err()).contains("--token-file: ", "token-none", "expected");
      assertThat(resend(relay, "--environment", "").err()).contains("id: none", "expected");

      PackagedRelay.Ran unknown =
          resend(relay, "--environment", "2other", "--token-file", token.toString());
      assertThat(unknown.code()).isEqualTo(1);
      assertThat(unknown.err()).contains("2other", "expected: an id from /api/v1/environments");
    }
  }

  private static PackagedRelay.Ran resend(HostProcess relay, String... arguments) throws Exception {
    return PackagedRelay.run(
        Stream.concat(Stream.of("resend", "--url", relay.http()), Stream.of(arguments))
            .toArray(String[]::new));
  }
}
