package io.aliecs.relay.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the JVM of a control host is started; the script {@code relay} says the same. */
public final class HostJvm {
  private HostJvm() {}

  /**
   * The command up to the arguments of {@code relay}.
   *
   * <p>With C1 alone: a host that takes over or comes back does what it has never done before, and
   * compiling all of that twice takes longer than it ever saves at the rates of an experiment.
   *
   * @param heapMegabytes the most memory for objects, MiB
   * @param classPath of the relay
   */
  public static List<String> command(int heapMegabytes, String classPath) {
    return new ArrayList<>(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heapMegabytes + "m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            classPath,
            Main.class.getName()));
  }
}
