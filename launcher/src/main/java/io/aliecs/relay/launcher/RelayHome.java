package io.aliecs.relay.launcher;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the packaged relay. */
public final class RelayHome {
  private RelayHome() {}

  /**
   * The folder with its jars: {@code lib} in what the system property {@code relay.home} names,
   * else where this class was loaded from, else beside it in a built source checkout.
   *
   * @throws IllegalStateException when there is none; says how to get one
   */
  public static Path lib() {
    String named = System.getProperty("relay.home");
    Path lib = named == null ? nearThisClass() : Path.of(named, "lib");
    if (!Files.isDirectory(lib)) {
      throw new IllegalStateException(
          "relay.home: no jars in " + lib + " (expected: a packaged relay; run ./relay once)");
    }
    return lib.toAbsolutePath();
  }

  /** The file with what its JVM is started with. */
  static Path jvmOptions() {
    return lib().resolveSibling("jvm.options");
  }

  private static Path nearThisClass() {
    try {
      Path origin =
          Path.of(RelayHome.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = origin.resolveSibling("");
      return Files.isDirectory(origin) ? folder.resolve("relay").resolve("lib") : folder;
    } catch (URISyntaxException odd) {
      throw new IllegalStateException("this class is from nowhere", odd);
    }
  }
}
