package io.aliecs.relay.dev;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the program of a real Consul. */
public final class ConsulProgram {

  private ConsulProgram() {}

  /**
   * Finds the program: the system property or environment variable {@code RELAY_CONSUL}, else
   * {@code consul} on the PATH, else {@code target/tools/consul/consul} in this folder or one above
   * it.
   *
   * @throws IllegalStateException when there is none, saying what to run
   */
  public static Path find() {
    String named = System.getProperty("RELAY_CONSUL", System.getenv("RELAY_CONSUL"));
    if (named != null && !named.isEmpty()) {
      Path program = Path.of(named);
      if (Files.isExecutable(program)) {
        return program;
      }
      throw new IllegalStateException(
          "RELAY_CONSUL: found '" + named + "' (expected: the path of a consul program)");
    }
    String path = System.getenv("PATH");
    for (String folder : (path == null ? "" : path).split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, "consul");
      if (Files.isExecutable(program) && Files.isRegularFile(program)) {
        return program;
      }
    }
    Path at = Path.of("").toAbsolutePath();
    while (at != null) {
      Path program = at.resolve("target/tools/consul/consul");
      if (Files.isExecutable(program)) {
        return program;
      }
      at = at.getParent();
    }
    throw new IllegalStateException(
        "No consul program found; run ./relay test, which fetches one, or set RELAY_CONSUL");
  }
}
