package io.aliecs.relay.lab;

import io.aliecs.relay.host.Main;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the packaged relay. */
public final class RelayHome {
  private RelayHome() {}

  /**
   * The folder with its jars: {@code lib} in what the system property {@code relay.home} names,
   * else where the relay was loaded from, else beside it in a built source checkout.
   *
   * @throws IllegalStateException when there is none; says how to get one
   */
  public static Path lib() {
    String named = System.getProperty("relay.home");
    Path lib = named == null ? nearTheRelay() : Path.of(named, "lib");
    if (!Files.isDirectory(lib)) {
      throw new IllegalStateException(
          "relay.home: no jars in " + lib + " (expected: a packaged relay; run ./relay once)");
    }
    return lib.toAbsolutePath();
  }

  /** The file with what its JVM is started with. */
  public static Path jvmOptions() {
    return lib().resolveSibling("conf").resolve("jvm.options");
  }

  /** The class archive with which commands of a source checkout start sooner; it may be missing. */
  public static Path archive() {
    return lib().resolveSibling("relay.jsa");
  }

  /**
   * The source checkout that the packaged relay was built in.
   *
   * @throws IllegalStateException when it is elsewhere
   */
  public static Path checkout() {
    Path root = lib().resolve("../../../../..").normalize();
    if (!Files.isExecutable(root.resolve("relay"))) {
      throw new IllegalStateException(
          root + ": no script relay (expected: a source checkout, see ./relay)");
    }
    return root;
  }

  private static Path nearTheRelay() {
    try {
      Path origin = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = origin.resolveSibling("");
      return Files.isDirectory(origin) ? folder.resolve("relay").resolve("lib") : folder;
    } catch (URISyntaxException odd) {
      throw new IllegalStateException("the relay is from nowhere", odd);
    }
  }
}
