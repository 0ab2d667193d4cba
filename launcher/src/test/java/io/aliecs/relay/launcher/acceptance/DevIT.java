package io.aliecs.relay.launcher.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.dev.ConsulProgram;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.launcher.acceptance.PackagedRelay.Ran;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first look: {@code relay dev}, and {@code relay tail} on it. */
class DevIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Pattern READY =
      Pattern.compile(
          "ready http=(http://127\\.0\\.0\\.1:\\d+) management=http://127\\.0\\.0\\.1:\\d+"
              + " kafka=(127\\.0\\.0\\.1:(\\d+)) consul=http://127\\.0\\.0\\.1:\\d+");

  @Test
  void runsEverythingInOneProcess(@TempDir Path data) throws Exception {
    Path out = PackagedRelay.log("dev-out");
    Process dev =
        PackagedRelay.builder(true, Map.of(), dev(data.resolve("first"), 0))
            .redirectOutput(out.toFile())
            .redirectError(PackagedRelay.log("dev").toFile())
            .start();
    try {
      await("the line 'ready'")
          .atMost(LIMIT)
          .until(() -> !dev.isAlive() || Files.readString(out).endsWith("\n"));
      List<String> printed = Files.readAllLines(out);
      assertThat(printed).hasSize(1);
      Matcher ready = READY.matcher(printed.get(0));
      assertThat(ready.matches()).as(printed.get(0)).isTrue();

      assertThat(runs(ready.group(1)).getJsonArray("runs")).isNotNull();
      await("a simulated run")
          .atMost(LIMIT)
          .until(() -> !runs(ready.group(1)).getJsonArray("runs").isEmpty());
      assertTailShowsJson(ready.group(2));
      assertSecondOneRefuses(data.resolve("second"), Integer.parseInt(ready.group(3)));

      dev.destroy();
      assertThat(dev.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(dev.exitValue()).isZero();
    } finally {
      dev.destroyForcibly().waitFor();
    }
  }

  @Test
  void startsAgainOnTheSamePortsAfterItWasKilled(@TempDir Path data) throws Exception {
    List<String> command = dev(data, FreePort.find(), FreePort.find());
    Process killed = devWithConsul(command, "killed");
    awaitReady(killed, "killed");
    killed.destroyForcibly().waitFor();

    Process again = devWithConsul(command, "again");
    try {
      awaitReady(again, "again");
    } finally {
      again.destroy();
      assertThat(again.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  /** With the consul program on the PATH: it is a process of its own. */
  private static Process devWithConsul(List<String> command, String name) throws Exception {
    String folder = ConsulProgram.find().toAbsolutePath().getParent().toString();
    Map<String, String> environment =
        Map.of("PATH", folder + File.pathSeparator + System.getenv("PATH"));
    return PackagedRelay.builder(true, environment, command)
        .redirectOutput(PackagedRelay.log("dev-out-" + name).toFile())
        .redirectError(PackagedRelay.log("dev-" + name).toFile())
        .start();
  }

  private static void awaitReady(Process dev, String name) throws Exception {
    Path out = PackagedRelay.log("dev-out-" + name);
    await("the line 'ready'")
        .atMost(LIMIT)
        .until(() -> !dev.isAlive() || Files.readString(out).endsWith("\n"));
    assertThat(Files.readString(out)).startsWith("ready ");
  }

  private static List<String> dev(Path data, int kafkaPort) {
    return dev(data, kafkaPort, 0);
  }

  private static List<String> dev(Path data, int kafkaPort, int consulPort) {
    return List.of(
        "dev",
        "--data",
        data.toString(),
        "--http-port=0",
        "--management-port=0",
        "--consul-port=" + consulPort,
        "--kafka-port=" + kafkaPort);
  }

  private static JsonObject runs(String http) throws Exception {
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(http + "/api/v1/runs")).build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static void assertTailShowsJson(String kafka) throws Exception {
    Ran tail =
        PackagedRelay.run(
            "tail", "--bootstrap", kafka, "--from-beginning", "--json", "--max", "10");
    assertThat(tail.err()).isEmpty();
    assertThat(tail.code()).isZero();
    List<JsonObject> lines = tail.out().lines().map(JsonObject::new).toList();
    assertThat(lines)
        .hasSize(10)
        .allSatisfy(
            line -> {
              assertThat(line.getString("topic")).startsWith("aliecs.");
              assertThat(line.getString("key")).isNotEmpty();
              assertThat(line.getJsonObject("headers").getString("ce_id")).isNotEmpty();
              assertThat(line.getJsonObject("value").getString("timestamp")).matches("[0-9]{13}");
            });
  }

  private static void assertSecondOneRefuses(Path data, int kafkaPort) throws Exception {
    Ran second = PackagedRelay.runWithDev(dev(data, kafkaPort).toArray(String[]::new));
    assertThat(second.code()).isEqualTo(1);
    assertThat(second.errorLines())
        .singleElement()
        .asString()
        .isEqualTo(
            "relay: --kafka-port: port "
                + kafkaPort
                + " is taken (expected: a free port, or 0 for any)");
    assertThat(second.out()).isEmpty();
  }
}
