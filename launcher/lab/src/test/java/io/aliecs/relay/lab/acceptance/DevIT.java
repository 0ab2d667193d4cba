package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.acceptance.PackagedRelay.Ran;
import io.aliecs.relay.testkit.FreePort;
import io.aliecs.relay.testkit.consul.ConsulProgram;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.File;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first look: {@code relay dev}, and {@code relay tail} on it. */
class DevIT {
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final int HOSTS = 3;
  private static final Pattern READY =
      Pattern.compile(
          "ready http=(http://127\\.0\\.0\\.1:\\d+) management=http://127\\.0\\.0\\.1:\\d+"
              + " kafka=(127\\.0\\.0\\.1:(\\d+)) consul=(http://127\\.0\\.0\\.1:\\d+)"
              + " core=(127\\.0\\.0\\.1:\\d+)");

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
          .until(() -> !dev.isAlive() || Files.readString(out).lines().count() > 1);
      List<String> printed = Files.readAllLines(out);
      assertThat(printed).hasSize(2);
      Matcher ready = READY.matcher(printed.get(0));
      assertThat(ready.matches()).as(printed.get(0)).isTrue();
      assertThat(printed.get(1)).startsWith("open " + ready.group(1) + "/ ");

      assertThat(runs(ready.group(1)).getJsonArray("runs")).isNotNull();
      await("a simulated run")
          .atMost(LIMIT)
          .until(() -> !runs(ready.group(1)).getJsonArray("runs").isEmpty());
      assertTailShowsJson(ready.group(2));
      assertCoreThatDiesEndsARun(ready.group(1), ready.group(5));
      assertSecondOneRefuses(data.resolve("second"), Integer.parseInt(ready.group(3)));

      dev.destroy();
      assertThat(dev.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(dev.exitValue()).isZero();
    } finally {
      dev.destroyForcibly().waitFor();
    }
  }

  @Test
  void startsAgainOnTheSamePortsAndAsItWasSwitchedAfterItWasKilled(@TempDir Path data)
      throws Exception {
    List<String> command = dev(data, FreePort.find(), FreePort.find());
    Process killed = devWithConsul(command, "killed");
    String off = switchOff(awaitReady(killed, "killed"));
    killed.destroyForcibly().waitFor();

    Process again = devWithConsul(command, "again");
    try {
      assertThat(settings(awaitReady(again, "again"))).isEqualTo(off);
    } finally {
      again.destroy();
      assertThat(again.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void startsThreeHostsAgainAfterItWasKilledAndEndsThemOnCtrlC(@TempDir Path data)
      throws Exception {
    List<String> command =
        new ArrayList<>(dev(data, FreePort.find(), FreePort.find(), FreePort.find(2 * HOSTS)));
    command.add("--hosts=" + HOSTS);
    try {
      Process killed = devWithConsul(command, "hosts-killed");
      awaitReady(killed, "hosts-killed", 2 * HOSTS);
      killed.destroyForcibly().waitFor();
      assertThat(running("data.dir=" + data)).hasSize(HOSTS);

      Process again = devWithConsul(command, "hosts-again");
      awaitReady(again, "hosts-again", 2 * HOSTS);
      pressCtrlC(again);
      assertThat(again.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(again.exitValue()).isZero();
      assertThat(Files.readString(PackagedRelay.logFile("dev-hosts-again")))
          .contains("that was left behind")
          .doesNotContain("has ended");
      assertThat(running("data.dir=" + data)).isEmpty();
    } finally {
      running(data.toString()).forEach(ProcessHandle::destroyForcibly);
    }
  }

  /** The processes with that in an argument. */
  private static List<ProcessHandle> running(String part) {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                Stream.of(process.info().arguments().orElse(new String[0]))
                    .anyMatch(argument -> argument.contains(part)))
        .toList();
  }

  /** As a terminal does it: the signal goes to every process of the group. */
  private static void pressCtrlC(Process leader) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-s", "INT", "--", "-" + leader.pid())
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
  }

  /** In a group of its own, with the consul program on the PATH: it is a process of its own. */
  private static Process devWithConsul(List<String> command, String name) throws Exception {
    String folder = ConsulProgram.find().toAbsolutePath().getParent().toString();
    Map<String, String> environment =
        Map.of("PATH", folder + File.pathSeparator + System.getenv("PATH"));
    ProcessBuilder builder = PackagedRelay.builder(true, environment, command);
    // Whoever runs the tests in the background has Ctrl-C ignored, and all that they start.
    builder.command().addAll(0, List.of("env", "--default-signal=INT", "setsid"));
    return builder
        .redirectOutput(PackagedRelay.log("dev-out-" + name).toFile())
        .redirectError(PackagedRelay.log("dev-" + name).toFile())
        .start();
  }

  private static Matcher awaitReady(Process dev, String name) throws Exception {
    return awaitReady(dev, name, 1);
  }

  private static Matcher awaitReady(Process dev, String name, int lines) throws Exception {
    Path out = PackagedRelay.logFile("dev-out-" + name);
    await("the line 'ready'")
        .atMost(LIMIT)
        .until(() -> !dev.isAlive() || Files.readString(out).lines().count() >= lines);
    String printed = Files.readString(out);
    Matcher ready = READY.matcher(printed);
    assertThat(ready.lookingAt()).as(printed).isTrue();
    return ready;
  }

  /** As the README shows it; returns the document. */
  private static String switchOff(Matcher ready) throws Exception {
    String document = "kafkaEndpoint: \"" + ready.group(2) + "\"\nintegrationPlugins: []\n";
    ask(HttpRequest.newBuilder(key(ready, "")).PUT(BodyPublishers.ofString(document)).build());
    return document;
  }

  private static String settings(Matcher ready) throws Exception {
    return ask(HttpRequest.newBuilder(key(ready, "?raw")).build());
  }

  private static URI key(Matcher ready, String query) {
    return URI.create(ready.group(4) + "/v1/kv/" + Site.SETTINGS + query);
  }

  private static List<String> dev(Path data, int kafkaPort) {
    return dev(data, kafkaPort, 0);
  }

  private static List<String> dev(Path data, int kafkaPort, int consulPort) {
    return dev(data, kafkaPort, consulPort, 0);
  }

  private static List<String> dev(Path data, int kafkaPort, int consulPort, int httpPort) {
    return List.of(
        "dev",
        "--data",
        data.toString(),
        "--http-port=" + httpPort,
        "--management-port=" + (httpPort == 0 ? 0 : httpPort + 1),
        "--consul-port=" + consulPort,
        "--core-port=0",
        "--kafka-port=" + kafkaPort);
  }

  private static JsonObject runs(String http) throws Exception {
    return new JsonObject(ask(HttpRequest.newBuilder(URI.create(http + "/api/v1/runs")).build()));
  }

  private static String ask(HttpRequest request) throws Exception {
    HttpResponse<String> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
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

  /** As the README shows it. */
  private static void assertCoreThatDiesEndsARun(String http, String core) throws Exception {
    String id =
        await("a run")
            .atMost(LIMIT)
            .until(
                () -> runs(http).getJsonArray("runs").stream().map(JsonObject.class::cast).toList(),
                found -> !found.isEmpty())
            .get(0)
            .getString("environmentId");
    URI restart = URI.create("http://" + core + "/restart");
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(restart)
                    .version(HttpClient.Version.HTTP_1_1)
                    .POST(BodyPublishers.noBody())
                    .build(),
                BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(204);
    await("its end")
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(runs(http).encode()).doesNotContain(id);
              JsonObject shown = environment(http, id);
              assertThat(shown.getString("state")).isEqualTo("DONE");
              JsonArray timeline = shown.getJsonArray("timeline");
              assertThat(timeline.getJsonObject(timeline.size() - 1).getString("reason"))
                  .isEqualTo("core restarted");
            });
  }

  private static JsonObject environment(String http, String id) throws Exception {
    URI uri = URI.create(http + "/api/v1/environments/" + id);
    return new JsonObject(ask(HttpRequest.newBuilder(uri).build())).getJsonObject("environment");
  }

  private static void assertSecondOneRefuses(Path data, int kafkaPort) throws Exception {
    Ran second = PackagedRelay.runWithLab(dev(data, kafkaPort).toArray(String[]::new));
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
