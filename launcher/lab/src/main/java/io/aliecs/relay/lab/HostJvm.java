package io.aliecs.relay.lab;

import io.aliecs.relay.host.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How the JVM of a control host is started, as the script {@code relay} does it. */
public final class HostJvm {
  /** The most memory for objects of a control host, MiB. */
  public static final int HEAP_MB = 256;

  private HostJvm() {}

  /**
   * The command up to the arguments of {@code relay}.
   *
   * @param heapMegabytes the most memory for objects, MiB
   * @param classPath of the relay
   * @throws IllegalStateException when there is no packaged relay
   */
  public static List<String> command(int heapMegabytes, String classPath) {
    return command(heapMegabytes, classPath, Main.class.getName());
  }

  /**
   * The same of a relay that need not be this one.
   *
   * @param main the class that it is started by
   */
  public static List<String> command(int heapMegabytes, String classPath, String main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (Files.isReadable(RelayHome.archive())) {
      command.addAll(
          List.of(
              "-XX:SharedArchiveFile=" + RelayHome.archive(),
              "-Xlog:cds=off",
              "-Xlog:cds+dynamic=off"));
    }
    command.addAll(
        List.of(
            "@" + RelayHome.jvmOptions(), "-Xmx" + heapMegabytes + "m", "-cp", classPath, main));
    return command;
  }
}
