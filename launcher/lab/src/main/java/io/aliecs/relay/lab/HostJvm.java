package io.aliecs.relay.lab;

import io.aliecs.relay.host.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How the JVM of a control host is started, as the script {@code relay} does it. */
public final class HostJvm {
  /** The most memory for objects of a control host and of its commands, MiB. */
  public static final int HEAP_MB = 256;

  /** The same of {@code dev}, with its services. */
  public static final int DEV_HEAP_MB = 768;

  /**
   * A system property with an option of Java about its compilers: hosts that live for seconds only,
   * those of tests, do without the second one.
   */
  public static final String COMPILER = "relay.compiler";

  /** Where a relay began until its jar was named relay-host. */
  private static final String FIRST_MAIN = "io.aliecs.relay.launcher.Main";

  private HostJvm() {}

  /**
   * A control host that is yet to be started and prints to the end of its log.
   *
   * @param prefix what comes before its own command line
   * @param lib folder with the jars of a relay, which need not be this one
   * @param settings those of {@code relay run}, by name
   * @param consul address of Consul, with scheme
   */
  public static ProcessBuilder host(
      List<String> prefix, Path lib, Map<String, String> settings, String consul, Path log)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    // Not the class path of ours, every jar by name: the system shows only so much of a command.
    command.addAll(command(HEAP_MB, lib + "/*", mainClass(lib)));
    command.add("run");
    settings.forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
    ProcessBuilder builder = new ProcessBuilder(command);
    setConsul(builder.environment(), consul);
    return builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
  }

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

  private static List<String> command(int heapMegabytes, String classPath, String main) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    String compiler = System.getProperty(COMPILER);
    if (compiler != null) {
      command.add(compiler);
    }
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

  private static String mainClass(Path lib) throws IOException {
    try (Stream<Path> jars = Files.list(lib)) {
      return jars.anyMatch(jar -> jar.getFileName().toString().startsWith("relay-host-"))
          ? Main.class.getName()
          : FIRST_MAIN;
    }
  }

  /** Has an environment name that Consul, with nothing of another that ours may name. */
  public static void setConsul(Map<String, String> environment, String address) {
    environment.keySet().removeIf(name -> name.startsWith("CONSUL_"));
    environment.put("CONSUL_HTTP_ADDR", address);
  }

  /** Takes out of an environment what would set a relay up. */
  public static void forgetSettings(Map<String, String> environment) {
    environment.keySet().removeIf(name -> name.startsWith("RELAY_") || name.startsWith("CONSUL_"));
  }
}
