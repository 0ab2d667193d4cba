package io.aliecs.relay.lab.bench;

import io.aliecs.relay.host.api.RelayApi;
import io.aliecs.relay.lab.HostJvm;
import io.aliecs.relay.lab.RelayHome;
import io.aliecs.relay.testkit.FreePort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The relay as its tarball is unpacked, and a host of it as a process. For one thread. */
final class InstalledRelay implements AutoCloseable {
  private static final long LIMIT_S = 120;
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Path home;
  private final String consul;
  private final int managementPort = FreePort.find();
  private @Nullable Process host;

  /**
   * Puts it there; its jars stay where they were built.
   *
   * @param home folder that is made
   * @param consul address of Consul, with scheme
   * @param archived whether its class archive is made, too
   */
  InstalledRelay(Path home, String consul, boolean archived)
      throws IOException, InterruptedException {
    this.home = home;
    this.consul = consul;
    Path bin = Files.createDirectories(home.resolve("bin"));
    for (String script : List.of("relay", "relay-archive")) {
      Files.copy(RelayHome.checkout().resolve("packaging").resolve(script), bin.resolve(script));
    }
    Files.copy(
        RelayHome.jvmOptions(),
        Files.createDirectories(home.resolve("conf")).resolve("jvm.options"));
    Files.createSymbolicLink(home.resolve("lib"), RelayHome.lib());
    if (archived) {
      run(List.of(bin.resolve("relay-archive").toString()));
    }
  }

  /** Runs its command to its end. */
  void run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program()));
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = quiet(command).start();
    if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(command + " failed (expected: exit code 0)");
    }
  }

  private String program() {
    return home.resolve("bin").resolve("relay").toString();
  }

  /** A process that says nothing, with nothing of our own environment that sets a relay up. */
  static ProcessBuilder quiet(List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    HostJvm.forgetSettings(builder.environment());
    return builder;
  }

  /** Starts a host with its data there, and does not wait. */
  void start(Path data) throws IOException {
    ProcessBuilder builder =
        quiet(
            List.of(
                program(),
                "run",
                "--set",
                "data.dir=" + data,
                "--set",
                "http.port=0",
                "--set",
                "management.port=" + managementPort,
                "--set",
                "kafka.topic.replication-factor=1"));
    HostJvm.setConsul(builder.environment(), consul);
    host = builder.start();
  }

  /** Whether it says that it is ready. */
  boolean isReady() {
    return "UP".equals(health().getString("status"));
  }

  /** Whether it says that it publishes. */
  boolean isPublishing() {
    return health().encode().contains("\"reason\":\"publishing");
  }

  private JsonObject health() {
    try {
      return new RelayApi("http://127.0.0.1:" + managementPort, null, null, ANSWER)
          .getAnyway("/health/ready");
    } catch (IOException away) {
      return new JsonObject();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new JsonObject();
    }
  }

  /** Ends its host at once ({@code kill -9}). */
  void kill() throws InterruptedException {
    if (host != null) {
      host.destroyForcibly().waitFor();
    }
  }

  @Override
  public void close() {
    if (host != null) {
      host.destroyForcibly();
    }
  }
}
