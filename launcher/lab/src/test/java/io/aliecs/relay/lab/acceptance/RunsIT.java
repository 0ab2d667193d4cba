package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.simulate.events.AliEcsEvents;
import io.aliecs.relay.lab.simulate.events.FailurePoint;
import io.aliecs.relay.testkit.FreePort;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code relay runs}, as people use it. */
class RunsIT {

  private static ProcessBuilder runs(String... arguments) {
    List<String> all = new ArrayList<>(List.of("runs"));
    all.addAll(List.of(arguments));
    return PackagedRelay.builder(false, Map.of(), all);
  }

  private static Process runs(Path output, String... arguments) throws IOException {
    return runs(arguments).redirectErrorStream(true).redirectOutput(output.toFile()).start();
  }

  /** Into a pipe; its first line is read, then nothing more. */
  private static Process runsUntilOneLine(String... arguments) throws IOException {
    Process process = runs(arguments).start();
    try (BufferedReader lines = process.inputReader()) {
      assertThat(lines.readLine()).contains("runs");
    }
    return process;
  }

  private static void awaitText(Path output, String text) {
    await(text)
        .atMost(HostProcess.LIMIT)
        .untilAsserted(() -> assertThat(Files.readString(output)).contains(text));
  }

  private static int exitCode(Process process) throws InterruptedException {
    assertThat(process.waitFor(HostProcess.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void showsTheActiveRunsAndFollowsThemOverARestart(@TempDir Path folder) throws Exception {
    int port = FreePort.find();
    Map<String, String> settings = Map.of("http.port", Integer.toString(port));
    String url = "http://127.0.0.1:" + port;
    Path once = folder.resolve("once");
    Path json = folder.resolve("json");
    Path watched = folder.resolve("watched");
    try (Site site = Site.open(folder);
        HostProcess relay = site.relay("runs", settings).start()) {
      site.write(
          AliEcsEvents.in("2env", Instant::now, "CONFIGURED", 0)
              .startActivity(4711, FailurePoint.NONE));
      relay.awaitState("2env", "RUNNING");

      assertThat(exitCode(runs(once, "--url", url))).isZero();
      assertThat(Files.readString(once)).contains("4711", "2env", "KAFKA");
      assertThat(exitCode(runs(json, "--url", url, "--json"))).isZero();
      assertThat(new JsonObject(Files.readString(json)).getJsonArray("runs")).hasSize(1);

      Process watching = runs(watched, "--url", url, "--watch");
      try {
        awaitText(watched, "4711");
        relay.kill();
        awaitText(watched, "CONNECTION LOST");
        relay.start();
        site.write(AliEcsEvents.in("2env", Instant::now, "RUNNING", 4711).destroyed());
        awaitText(watched, "No active runs.");
        watching.destroy();
        assertThat(exitCode(watching)).as("interrupted").isZero();
      } finally {
        watching.destroyForcibly();
      }
    }
  }

  @Test
  void endsWhenNobodyReadsIt(@TempDir Path folder) throws Exception {
    try (Site site = Site.open(folder);
        HostProcess relay = site.relay("runs-unread", Map.of()).start()) {
      Process watching = runsUntilOneLine("--url", relay.http(), "--watch", "--json");
      try {
        site.write(
            AliEcsEvents.in("2env", Instant::now, "CONFIGURED", 0)
                .startActivity(4711, FailurePoint.NONE));
        assertThat(exitCode(watching)).isZero();
      } finally {
        watching.destroyForcibly();
      }
    }
  }

  @Test
  void saysInOneLineThatThereIsNoRelay(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");
    String url = "http://127.0.0.1:" + FreePort.find();
    assertThat(exitCode(runs(output, "--url", url))).isEqualTo(1);
    assertThat(Files.readString(output).lines())
        .singleElement()
        .asString()
        .contains(url, "expected: the HTTP interface of a relay");
    assertThat(exitCode(runs(output, "--url", "ftp://x"))).isEqualTo(1);
    assertThat(Files.readString(output)).contains("ftp://x", "expected: such as http://");
  }
}
