package io.aliecs.relay.testkit.kafka;

import io.aliecs.relay.testkit.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A broker in a JVM of its own, with the class path of this one, for faults that a broker in
 * process cannot have: {@code kill -9} and {@code SIGSTOP}. Its port and data stay the same over
 * restarts.
 *
 * <p>Its methods block and are for one thread at a time, that of a test. The broker ends with the
 * JVM that started it.
 */
public final class KafkaProcess implements AutoCloseable {
  private static final Duration START_DEADLINE = Duration.ofSeconds(60);
  private static final Duration STOP_DEADLINE = Duration.ofSeconds(30);
  private static final int KEPT_LINES = 50;

  private final KafkaOptions options;
  private @Nullable Process process;

  private KafkaProcess(KafkaOptions options) {
    this.options = options;
  }

  /**
   * Starts a broker and returns once it serves clients.
   *
   * @param port port for clients on 127.0.0.1; 0 takes a free one
   * @throws IllegalStateException when it does not start within a minute; has what it printed last
   */
  public static KafkaProcess start(Path dataDir, int port) {
    return start(KafkaOptions.in(dataDir).onPort(port));
  }

  /**
   * Starts a broker and returns once it serves clients.
   *
   * @throws IllegalStateException when it does not start within a minute; has what it printed last
   */
  public static KafkaProcess start(KafkaOptions options) {
    int port = options.port() == 0 ? FreePort.find() : options.port();
    KafkaProcess kafka = new KafkaProcess(options.onPort(port));
    kafka.launch();
    return kafka;
  }

  /** Where clients connect to, as {@code 127.0.0.1:port}, whether it runs or not. */
  public String bootstrapServers() {
    return EmbeddedKafka.HOST + ":" + options.port();
  }

  /** The port clients connect to, the same over restarts. */
  public int port() {
    return options.port();
  }

  /** Whether the process is there; a suspended one is. */
  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  /** Ends it at once ({@code kill -9}). */
  public void kill() {
    if (process != null) {
      process.destroyForcibly();
      awaitEnd(process);
    }
  }

  /** Stops it in good order ({@code SIGTERM}) and waits for it; killed if that takes over 30 s. */
  public void stop() {
    if (process != null) {
      process.destroy();
      awaitEnd(process);
    }
  }

  /** Stops it from running, its connections open and silent ({@code SIGSTOP}). */
  public void suspend() {
    signal("STOP");
  }

  /** Lets a suspended one go on ({@code SIGCONT}). */
  public void resume() {
    signal("CONT");
  }

  /** Kills it if it is there and starts it again on the same port and data. */
  public void restart() {
    kill();
    launch();
  }

  /** The same as {@link #kill()}. */
  @Override
  public void close() {
    kill();
  }

  private void launch() {
    CompletableFuture<Optional<String>> problem = new CompletableFuture<>();
    Process started;
    try {
      started = new ProcessBuilder(command()).redirectErrorStream(true).start();
    } catch (IOException failed) {
      throw new UncheckedIOException(
          "cannot start a JVM for Kafka: " + failed.getMessage(), failed);
    }
    process = started;
    Thread reader = new Thread(() -> readOutput(started, problem), "kafka-output");
    reader.setDaemon(true);
    reader.start();
    awaitReady(started, problem);
  }

  private List<String> command() {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EmbeddedKafkaProcess.class.getName(),
                options.dataDir().toString(),
                String.valueOf(options.port()),
                "--advertise",
                String.valueOf(options.advertisedPort()),
                "--until-eof",
                // Made to be killed: back sooner than one in process. Overrides come after it.
                "broker.session.timeout.ms=3000"));
    options.overrides().forEach((name, value) -> command.add(name + "=" + value));
    return command;
  }

  private static void readOutput(Process process, CompletableFuture<Optional<String>> problem) {
    List<String> last = new ArrayList<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("ready ")) {
          problem.complete(Optional.empty());
        }
        if (last.size() == KEPT_LINES) {
          last.remove(0);
        }
        last.add(line);
      }
    } catch (IOException ended) {
      last.add(String.valueOf(ended.getMessage()));
    }
    problem.complete(Optional.of(String.join("\n", last)));
  }

  private void awaitReady(Process started, CompletableFuture<Optional<String>> problem) {
    Optional<String> output;
    try {
      output = problem.get(START_DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException impossible) {
      throw new AssertionError("only ever completed with a value", impossible);
    } catch (TimeoutException late) {
      started.destroyForcibly();
      throw new IllegalStateException(
          "Kafka on " + bootstrapServers() + " was not ready after " + START_DEADLINE, late);
    } catch (InterruptedException interrupted) {
      started.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Kafka was starting", interrupted);
    }
    output.ifPresent(
        printed -> {
          throw new IllegalStateException(
              "Kafka on " + bootstrapServers() + " did not start; it printed: " + printed);
        });
  }

  private void signal(String name) {
    if (process == null || !process.isAlive()) {
      throw new IllegalStateException(
          "Kafka on "
              + bootstrapServers()
              + " is not running (expected: a running one to send SIG"
              + name
              + ")");
    }
    try {
      int code =
          new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
      if (code != 0) {
        throw new IllegalStateException("kill -" + name + ": exit code " + code + " (expected: 0)");
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending SIG" + name, interrupted);
    }
  }

  private static void awaitEnd(Process process) {
    try {
      if (!process.waitFor(STOP_DEADLINE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
