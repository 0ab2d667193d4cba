package io.aliecs.relay.lab.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.lab.HostJvm;
import io.aliecs.relay.lab.RelayHome;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One control host: {@code relay run} of the package, which can be killed, stopped and started
 * again on the same data. What it prints is in target/acceptance. For one thread.
 */
final class HostProcess implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(120);

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Pattern STARTED =
      Pattern.compile("^started http=(\\S+) management=(\\S+)$", Pattern.MULTILINE);

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(60)).build();
  private final Path log;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final String consulAddress;
  private final Path data;
  private List<String> prefix = List.of();
  private Process process;
  private String http = "";
  private String management = "";

  /**
   * A host that is not started.
   *
   * @param name of its log
   * @param data where its journal is
   */
  HostProcess(String name, Path data, String consulAddress, Map<String, String> settings)
      throws IOException {
    this.log = PackagedRelay.log(name);
    this.data = data;
    this.consulAddress = consulAddress;
    this.settings.put("data.dir", data.toString());
    this.settings.put("http.port", "0");
    this.settings.put("management.port", "0");
    this.settings.putAll(settings);
  }

  /** Starts it and waits until it says that it is ready, and both reads and publishes. */
  HostProcess start() throws IOException {
    launch();
    awaitCheck("publisher", "UP publishing");
    awaitCheck("ingest", "UP reading");
    await("ready").atMost(LIMIT).pollInterval(POLL).until(() -> readyCode() == 200);
    return this;
  }

  /** Starts it and waits until it listens. */
  HostProcess launch() throws IOException {
    int before = Files.readString(log).length();
    ProcessBuilder builder = HostJvm.host(prefix, RelayHome.lib(), settings, consulAddress, log);
    builder.environment().keySet().removeIf(name -> name.startsWith("RELAY_"));
    process = builder.start();
    await("the line 'started'")
        .atMost(LIMIT)
        .pollInterval(POLL)
        .until(
            () -> {
              assertThat(process.isAlive()).as("see %s", log).isTrue();
              return hasStarted(Files.readString(log).substring(before));
            });
    return this;
  }

  private boolean hasStarted(String printed) {
    Matcher line = STARTED.matcher(printed);
    if (!line.find()) {
      return false;
    }
    http = line.group(1);
    management = line.group(2);
    return true;
  }

  /** {@code kill -9}. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** {@code SIGTERM}; returns the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    return awaitExit();
  }

  /** Sends a signal, for example {@code TERM}; does not wait for what comes of it. */
  void signal(String name) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-s", name, Long.toString(pid())).inheritIO().start();
    assertThat(kill.waitFor()).as("kill").isZero();
  }

  /** Waits for its end; returns the exit code. */
  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).as("ends").isTrue();
    return process.exitValue();
  }

  /**
   * Gives it a disk of its own for its journal, of so many MiB, that nobody else sees and that is
   * gone when it ends. Needs no rights, but a system where users may have namespaces of their own.
   */
  HostProcess onADiskOf(int mebibytes) throws IOException {
    prefix = PackagedRelay.onADisk(data, "size=" + mebibytes + "m");
    return this;
  }

  /** Takes all room that is left on that disk. */
  void fillDisk() throws IOException {
    byte[] block = new byte[64 * 1024];
    try (OutputStream filler = Files.newOutputStream(filler())) {
      for (int size = block.length; size > 0; ) {
        try {
          filler.write(block, 0, size);
        } catch (IOException full) {
          size /= 2; // down to the last byte
        }
      }
    }
  }

  /** Gives it back. */
  void freeDisk() throws IOException {
    Files.delete(filler());
  }

  /** As the process sees it. */
  private Path filler() {
    return Path.of("/proc", Long.toString(pid()), "root")
        .resolve(data.toAbsolutePath().toString().substring(1))
        .resolve("filler");
  }

  /**
   * Lets the process write no file further than so many bytes, as if its disk were full, until it
   * is told otherwise; its log is such a file, too.
   */
  void limitFiles(String bytes) throws IOException, InterruptedException {
    Process prlimit =
        new ProcessBuilder("prlimit", "--pid", Long.toString(pid()), "--fsize=" + bytes + ":")
            .inheritIO()
            .start();
    assertThat(prlimit.waitFor()).as("prlimit of util-linux").isZero();
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** All it has printed since it was made. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where its HTTP interface is, without a slash at the end. */
  String http() {
    return http;
  }

  /** Where health and metrics are. */
  String management() {
    return management;
  }

  /** The JSON at a path of the API. */
  JsonObject get(String path) {
    HttpResponse<String> answer = ask(http + path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  /** The active runs as the API tells them, in its order. */
  List<JsonObject> runs() {
    return objects(get("/api/v1/runs").getJsonArray("runs"));
  }

  /** The state of an environment, or an empty text when it is not known. */
  String stateOf(String environmentId) {
    HttpResponse<String> answer = ask(http + "/api/v1/environments/" + environmentId);
    return answer.statusCode() == 404
        ? ""
        : new JsonObject(answer.body()).getJsonObject("environment").getString("state");
  }

  /** Why the relay took an environment to be gone, as its timeline says. */
  String reasonOfEnd(String environmentId) {
    JsonArray timeline =
        get("/api/v1/environments/" + environmentId)
            .getJsonObject("environment")
            .getJsonArray("timeline");
    return timeline.getJsonObject(timeline.size() - 1).getString("reason", "");
  }

  void awaitState(String environmentId, String state) {
    await(environmentId + " in " + state)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .until(() -> stateOf(environmentId).equals(state));
  }

  int readyCode() {
    return ask(management + "/health/ready").statusCode();
  }

  /** What one check of readiness says, for example {@code UP plugin on}. */
  String check(String name) {
    JsonObject ready = new JsonObject(ask(management + "/health/ready").body());
    return objects(ready.getJsonArray("checks")).stream()
        .filter(check -> check.getString("name").equals(name))
        .map(check -> check.getString("status") + " " + check.getString("reason"))
        .findFirst()
        .orElse("");
  }

  void awaitCheck(String name, String part) {
    await(name + ": " + part)
        .atMost(LIMIT)
        .pollInterval(POLL)
        .untilAsserted(() -> assertThat(check(name)).contains(part));
  }

  /** All metrics, as Prometheus reads them. */
  String metrics() {
    return ask(management + "/metrics").body();
  }

  /** The sum of all series of a metric. */
  double metric(String name) {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  void awaitMetric(String name, double value) {
    await(name + " " + value).atMost(LIMIT).pollInterval(POLL).until(() -> metric(name) == value);
  }

  private HttpResponse<String> ask(String uri) {
    try {
      return client.send(
          HttpRequest.newBuilder(URI.create(uri)).timeout(Duration.ofSeconds(60)).build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking " + uri, e);
    }
  }

  private static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }

  /** Kills it when it runs. */
  @Override
  public void close() throws InterruptedException {
    if (process != null) {
      kill();
    }
  }
}
