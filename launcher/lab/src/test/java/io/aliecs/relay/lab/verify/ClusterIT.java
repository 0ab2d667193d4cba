package io.aliecs.relay.lab.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.lab.HostJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three hosts under load whose leader is killed, paused and cut off, and that are all killed at
 * once, briefly; {@code relay verify --cluster} does the same for longer.
 */
@Tag("faults")
class ClusterIT {
  @Test
  void deliveryStaysExactWhenHostsDiePauseAndAreCutOff(@TempDir Path data) throws Exception {
    // Three hosts on two cores stand still for longer than hosts of their own ever do.
    int code =
        verify(
            data,
            "--fault=mixed",
            "--rounds=4",
            "--duration=1",
            "--rate=30",
            "--environments=10",
            "--seed=1",
            "--set=journal.election-timeout-min=1000",
            "--set=journal.election-timeout-max=2000");

    assertThat(code).as("exit code; what was found is above").isZero();
  }

  /** As a command, for it makes networks of its own. */
  private static int verify(Path data, String... options) throws Exception {
    Path home = Path.of(System.getProperty("relay.home"));
    Path lab = Path.of(System.getProperty("relay.lab"));
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-D"
                + HostJvm.COMPILER
                + "="
                + System.getProperty(HostJvm.COMPILER, "-XX:TieredStopAtLevel=1"),
            "-cp",
            home.resolve("lib") + "/*:" + lab.resolve("lib") + "/*",
            "io.aliecs.relay.host.Main",
            "verify",
            "--data=" + data);
    builder.command().addAll(List.of(options));
    // Not into our own output: whoever reads that waits until the last process has closed it.
    Path said = Files.createTempFile(data, "verify", ".log");
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      assertThat(process.waitFor(580, TimeUnit.SECONDS)).as("it has ended").isTrue();
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      System.out.print(Files.readString(said));
    }
  }
}
