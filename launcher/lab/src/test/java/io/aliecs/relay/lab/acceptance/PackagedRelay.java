package io.aliecs.relay.lab.acceptance;

import io.aliecs.relay.lab.HostJvm;
import io.aliecs.relay.lab.RelayHome;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program as it is shipped: started with the jars of the package, never with our classes. */
final class PackagedRelay {
  private static final Path LAB = Path.of(System.getProperty("relay.lab", "target/relay-lab"));
  private static final Path LOGS = Path.of(System.getProperty("relay.logs", "target/acceptance"));
  private static final long LONGEST_COMMAND_S = 180;

  private PackagedRelay() {}

  /** What a command printed and ended with. */
  record Ran(int code, String out, String err) {
    List<String> errorLines() {
      return err.lines().toList();
    }
  }

  /** Runs a command of the production package to its end. */
  static Ran run(String... arguments) throws Exception {
    return run(false, arguments);
  }

  /** Runs a command of the package with the jars of the lab to its end. */
  static Ran runWithLab(String... arguments) throws Exception {
    return run(true, arguments);
  }

  /**
   * Runs a command of the production package where a folder is a disk of its own, which only it
   * sees.
   *
   * @param options of the mount, for example {@code ro}
   */
  static Ran runOnADisk(Path folder, String options, String... arguments) throws Exception {
    ProcessBuilder builder = builder(false, Map.of(), List.of(arguments));
    builder.command().addAll(0, onADisk(folder, options));
    return run(builder);
  }

  /** Begins a command line that is run where a folder is a disk of its own. */
  static List<String> onADisk(Path folder, String options) throws IOException {
    Files.createDirectories(folder);
    String mount = "mount -t tmpfs -o " + options + " tmpfs \"$0\" && exec \"$@\"";
    return List.of("unshare", "--map-root-user", "--mount", "sh", "-c", mount, folder.toString());
  }

  private static Ran run(boolean lab, String... arguments) throws Exception {
    return run(builder(lab, Map.of(), List.of(arguments)));
  }

  private static Ran run(ProcessBuilder builder) throws Exception {
    Path out = Files.createTempFile(Files.createDirectories(LOGS), "command", ".out");
    Path err = Files.createTempFile(LOGS, "command", ".err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    if (!process.waitFor(LONGEST_COMMAND_S, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError(
          builder.command() + " did not end; it printed:\n" + Files.readString(err));
    }
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /** A process of the package with nothing of our own environment that would set the relay up. */
  static ProcessBuilder builder(
      boolean lab, Map<String, String> environment, List<String> arguments) {
    String classPath = RelayHome.lib() + "/*";
    if (lab) {
      classPath += File.pathSeparator + LAB.resolve("lib") + "/*";
    }
    List<String> command = HostJvm.command(lab ? HostJvm.DEV_HEAP_MB : HostJvm.HEAP_MB, classPath);
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    HostJvm.forgetSettings(builder.environment());
    builder.environment().putAll(environment);
    return builder;
  }

  /** An empty file for the log of one host. */
  static Path log(String name) throws IOException {
    Files.createDirectories(LOGS);
    return Files.writeString(logFile(name), "");
  }

  /** That file, as it is. */
  static Path logFile(String name) {
    return LOGS.resolve(name + ".log");
  }
}
