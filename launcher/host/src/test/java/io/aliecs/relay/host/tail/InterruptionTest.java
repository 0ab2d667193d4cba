package io.aliecs.relay.host.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.testkit.junit.SharedKafka;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import picocli.CommandLine;

@Tag("slow")
class InterruptionTest {
  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @Test
  void endsTailWithExitCodeZero() throws Exception {
    Process tail =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Tail.class.getName(),
                kafka.bootstrapServers())
            .redirectErrorStream(true)
            .start();
    try (BufferedReader lines = tail.inputReader()) {
      assertThat(lines.readLine()).startsWith("TIME");
      // Not Process.destroy, which closes what is read below.
      tail.toHandle().destroy();
      assertThat(tail.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(tail.exitValue()).isZero();
      assertThat(lines.readLine()).isNull();
    } finally {
      tail.destroyForcibly();
    }
  }

  /** {@code relay tail} as a program. */
  static final class Tail {
    public static void main(String[] args) {
      System.exit(new CommandLine(new TailCommand()).execute("--bootstrap", args[0]));
    }
  }
}
