package io.aliecs.relay.lab.dev;

import io.aliecs.relay.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code consul} program as a server of {@code dev}, on loopback. A {@code dev} that was killed
 * leaves it behind; the next one with the same folder ends it. Its methods block.
 */
record EmbeddedConsul(Process process) {
  private static final long STOP_SECONDS = 5;

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
    leftBehind(data).keep(process);
    return new EmbeddedConsul(process);
  }

  /** Ends the one that a killed {@code dev} has left in this folder, and nothing else. */
  static void endLeftBehind(Path data) throws IOException, InterruptedException {
    OrphanProcess.end(List.of(leftBehind(data)));
  }

  private static OrphanProcess leftBehind(Path data) {
    return new OrphanProcess("the Consul", data.resolve("consul.pid"), folder(data));
  }

  private static String folder(Path data) {
    return "-data-dir=" + data;
  }

  /** Ends it, at the latest after some seconds. */
  void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
