package io.aliecs.relay.testkit.consul;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

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
    Optional<Path> onPath = onPath();
    if (onPath.isPresent()) {
      return onPath.get();
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

  /** The program on the PATH, if there is one. */
  public static Optional<Path> onPath() {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .map(folder -> Path.of(folder, "consul"))
        .filter(program -> Files.isExecutable(program) && Files.isRegularFile(program))
        .findFirst();
  }
}
