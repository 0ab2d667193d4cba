package io.aliecs.relay.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the JVM of a control host is started; the script {@code relay} says the same. */
public final class HostJvm {
  /** The most memory for objects of a control host, MiB. */
  public static final int HEAP_MB = 256;

  private HostJvm() {}

  /**
   * The command up to the arguments of {@code relay}.
   *
   * <p>With C2 only for what has run ten times as often as by default: a host that takes over or
   * comes back does what it has never done before, and on few cores a second compiler at that
   * moment takes more than it gives. Without it, ten thousand clients of the live stream wait twice
   * as long.
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
            "-XX:Tier4InvocationThreshold=50000",
            "-XX:Tier4MinInvocationThreshold=6000",
            "-XX:Tier4CompileThreshold=150000",
            "-XX:Tier4BackEdgeThreshold=400000",
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            classPath,
            Main.class.getName()));
  }
}
