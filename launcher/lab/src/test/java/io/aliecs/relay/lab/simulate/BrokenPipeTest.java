package io.aliecs.relay.lab.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.host.Main;
import io.aliecs.relay.testkit.junit.SharedKafka;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What {@code | head -1} does to a command: reads a line and closes its end of the pipe. */
@Tag("slow")
class BrokenPipeTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @Test
  void endsTailWithExitCodeZero() throws Exception {
    try (Simulation writing =
        Simulation.start(SimulationOptions.of(kafka.bootstrapServers(), 1, 500_000))) {
      assertEndsAfterOneLine("tail", "--json", "aliecs.environment");
      assertEndsAfterOneLine("tail", "aliecs.environment");
      assertThat(writing.failed()).isZero();
    }
  }

  @Test
  void endsSimulateWithExitCodeZero() throws Exception {
    assertEndsAfterOneLine("simulate", "--rate", "1");
  }

  private static void assertEndsAfterOneLine(String... command) throws Exception {
    Process process = relay(command);
    try {
      try (BufferedReader lines = process.inputReader()) {
        assertThat(lines.readLine()).isNotEmpty();
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process relay(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--bootstrap", kafka.bootstrapServers()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
