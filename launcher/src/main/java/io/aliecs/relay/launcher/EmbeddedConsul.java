package io.aliecs.relay.launcher;

import io.aliecs.relay.dev.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code consul} program as a server of {@code dev}, on loopback. A {@code dev} that was killed
 * leaves it behind; the next one with the same folder ends it. Its methods block.
 */
final class EmbeddedConsul {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedConsul.class);
  private static final long STOP_SECONDS = 5;

  private final Process process;

  private EmbeddedConsul(Process process) {
    this.process = process;
  }

  /** Starts it; it does not serve yet. Only for who alone uses the folder. */
  static EmbeddedConsul start(Path program, Path data, int port) throws IOException {
    Files.createDirectories(data);
    Process process =
        new ProcessBuilder(
                program.toString(),
                "agent",
                "-server",
                "-bootstrap-expect=1",
                "-bind=127.0.0.1",
                "-client=127.0.0.1",
                folder(data),
                "-http-port=" + port,
                "-dns-port=-1",
                "-server-port=" + FreePort.find(),
                "-serf-lan-port=" + FreePort.find(),
                "-serf-wan-port=-1")
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("consul.log").toFile())
            .start();
    Files.writeString(pidFile(data), Long.toString(process.pid()));
    return new EmbeddedConsul(process);
  }

  /** Ends the one that a killed {@code dev} has left in this folder, and nothing else. */
  static void endLeftBehind(Path data) throws IOException, InterruptedException {
    if (!Files.exists(pidFile(data))) {
      return;
    }
    String pid = Files.readString(pidFile(data)).strip();
    Optional<ProcessHandle> left =
        pid.matches("[0-9]{1,18}")
            ? ProcessHandle.of(Long.parseLong(pid)).filter(found -> isOf(found, data))
            : Optional.empty();
    if (left.isPresent()) {
      LOG.info("ending the Consul that was left behind, process {}", pid);
      left.get().destroy();
      for (int i = 0; left.get().isAlive() && i < STOP_SECONDS * 10; i++) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
      left.get().destroyForcibly();
    }
    Files.delete(pidFile(data));
  }

  /** A process id is given anew; the command line tells whose it is. */
  private static boolean isOf(ProcessHandle process, Path data) {
    return process
        .info()
        .arguments()
        .filter(arguments -> Arrays.asList(arguments).contains(folder(data)))
        .isPresent();
  }

  private static String folder(Path data) {
    return "-data-dir=" + data;
  }

  private static Path pidFile(Path data) {
    return data.resolve("consul.pid");
  }

  /** Ends it, at the latest after some seconds. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
