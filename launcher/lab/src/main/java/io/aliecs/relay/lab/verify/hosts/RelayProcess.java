package io.aliecs.relay.lab.verify.hosts;

import io.aliecs.relay.lab.HostJvm;
import io.aliecs.relay.lab.RelayHome;
import io.aliecs.relay.testkit.FreePort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The packaged relay as a process of its own, that can be killed and started again on the same data
 * and ports. For one thread at a time.
 */
public final class RelayProcess implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

  /** What readiness says when nothing is wrong but that too much waits for Kafka. */
  private static final String FULL = "\"reason\":\"full: ";

  private final Path data;
  private final String id;
  private final Address address;
  private final String consul;
  private final Map<String, String> settings;
  private final int httpPort = FreePort.find();
  private final int managementPort = FreePort.find();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .build();
  private Map<String, String> environment = Map.of();
  private Path lib = RelayHome.lib();
  private volatile @Nullable Process process;

  /**
   * A host that is not started.
   *
   * @param id its name in {@code cluster.hosts}
   */
  RelayProcess(Path data, String id, Address address, String consul, Map<String, String> more) {
    this.data = data;
    this.id = id;
    this.address = address;
    this.consul = consul;
    settings = new HashMap<>(more);
    settings.put("host.id", id);
    settings.put("data.dir", folder().toString());
    settings.put("http.host", address.watch());
    settings.put("management.host", address.watch());
    settings.put("http.port", String.valueOf(httpPort));
    settings.put("management.port", String.valueOf(managementPort));
    settings.put("kafka.topic.replication-factor", "1");
    settings.put("ingest.history", "publish");
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "relay-orphanage"));
  }

  /** Sets environment variables of every start from now on. */
  public void environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
  }

  /** Starts it and does not wait. */
  public void start() throws IOException {
    ProcessBuilder builder = HostJvm.host(address.command(), lib, settings, consul, log());
    builder.environment().putAll(environment);
    process = builder.start();
  }

  public Path log() {
    return data.resolve(id + ".log");
  }

  /** Folder of its journal. */
  public Path folder() {
    return data.resolve(id);
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Ends it at once ({@code kill -9}). */
  public void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  /** Stops it from running, its connections open and silent ({@code SIGSTOP}). */
  public void suspend() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets a suspended one go on ({@code SIGCONT}). */
  public void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    if (process != null) {
      new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    }
  }

  /** Tells it to end and returns its exit code; killed, and then −1, when it takes over 40 s. */
  public int stop() throws InterruptedException {
    if (process == null) {
      return -1;
    }
    process.destroy();
    if (process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      return process.exitValue();
    }
    kill();
    return -1;
  }

  /** A value of its metrics; empty while it does not answer. */
  public OptionalDouble metric(String name) {
    return metrics(name + " ").findFirst();
  }

  /** The sum of the values of its metrics that begin like that; empty while there are none. */
  public OptionalDouble metricSum(String beginning) {
    return metrics(beginning).reduce(Double::sum);
  }

  private DoubleStream metrics(String beginning) {
    return good(management("/metrics")).stream()
        .flatMap(String::lines)
        .filter(line -> line.startsWith(beginning))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
  }

  /** A quantile of a histogram of its metrics, in its unit; the upper bound of a bucket. */
  public OptionalDouble quantile(String histogram, double quantile) {
    return good(management("/metrics"))
        .map(metrics -> MetricHistogram.quantile(metrics, histogram, quantile))
        .orElse(OptionalDouble.empty());
  }

  /** How long {@code GET /api/v1/runs} takes, ms; empty when it does not answer well. */
  public OptionalDouble runsLatency() {
    long began = System.nanoTime();
    return good(http("/api/v1/runs")).isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of((System.nanoTime() - began) / 1e6);
  }

  /** Its resident memory, MiB; empty where the system does not say. */
  public OptionalDouble residentMemory() {
    Process running = process;
    if (running == null) {
      return OptionalDouble.empty();
    }
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + running.pid() + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1_024)
          .findFirst();
    } catch (IOException | UncheckedIOException unknown) {
      return OptionalDouble.empty();
    }
  }

  /** Takes other jars from the next start on. */
  public void use(Path jars) {
    lib = jars;
  }

  /** Its name in {@code cluster.hosts}. */
  public String id() {
    return id;
  }

  /** Whether it says that it is not ready, and that as the reason. */
  public boolean isUnreadyFor(String reason) {
    HttpResponse<String> answer = get(management("/health/ready"));
    return answer != null && answer.statusCode() == 503 && answer.body().contains(reason);
  }

  /** What it says that it is in the cluster; empty while it does not answer. */
  public String clusterRole() {
    return good(http("/api/v1/cluster"))
        .map(body -> new JsonObject(body).getString("role", ""))
        .orElse("");
  }

  private String http(String path) {
    return "http://" + address.watch() + ":" + httpPort + path;
  }

  private String management(String path) {
    return "http://" + address.watch() + ":" + managementPort + path;
  }

  /** Whether it says that it is ready. */
  public boolean isReady() {
    HttpResponse<String> answer = get(management("/health/ready"));
    return answer != null && (answer.statusCode() == 200 || answer.body().contains(FULL));
  }

  /** Whether it tracks that environment. */
  public boolean knows(String environmentId) {
    return good(http("/api/v1/environments/" + environmentId)).isPresent();
  }

  /** The environments that it tracks, as its API has them; empty when it does not answer well. */
  public Optional<List<JsonObject>> environments() {
    return good(http("/api/v1/environments"))
        .map(
            body ->
                new JsonObject(body)
                    .getJsonArray("environments").stream().map(JsonObject.class::cast).toList());
  }

  /** Asks for a change with a token; the status of the answer, 0 when there is none. */
  public int post(String path, String token, JsonObject body) {
    HttpResponse<String> answer =
        send(
            request(http(path))
                .header("Authorization", "Bearer " + token)
                .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                .build());
    return answer == null ? 0 : answer.statusCode();
  }

  /** What is there; empty when there is no answer, or one that is not 200. */
  private Optional<String> good(String url) {
    HttpResponse<String> answer = get(url);
    return answer == null || answer.statusCode() != 200
        ? Optional.empty()
        : Optional.of(answer.body());
  }

  private @Nullable HttpResponse<String> get(String url) {
    return send(request(url).build());
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).timeout(Duration.ofSeconds(2));
  }

  private @Nullable HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException away) {
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
