package io.aliecs.relay.lab.verify.hosts;

import io.aliecs.relay.host.Main;
import io.aliecs.relay.lab.RelayHome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a verification again as a process with a network, mounts and processes of its own, where it
 * is root: networks can be made and cut there, nothing of it is seen outside, several can run side
 * by side, and all of it ends with that process, however it ends.
 */
public final class Namespaces {
  private static final String INSIDE = "relay.verify.namespaces";
  private static final long TOOL_LIMIT_S = 20;
  private static final String DONE = "done";

  private Namespaces() {}

  /** Whether this process is such a one. */
  public static boolean isInside() {
    return Boolean.getBoolean(INSIDE);
  }

  /** Makes such a process fit for use; it ends as soon as the one that started it has ended. */
  public static void prepare() throws IOException, InterruptedException {
    endWithParent();
    call("mount", "-t", "tmpfs", "none", "/run");
    call("ip", "link", "set", "lo", "up");
  }

  /**
   * Runs a system's tool.
   *
   * @throws IOException when it fails; says which one and what it said
   */
  static void call(String... command) throws IOException, InterruptedException {
    require();
    String said = run(new ProcessBuilder(command));
    if (!said.equals(DONE)) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }

  /** Runs what says little and is quick; {@value #DONE} when it did its job, else why not. */
  private static String run(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectErrorStream(true).start();
    if (!process.waitFor(TOOL_LIMIT_S, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      return "no end (expected: within " + TOOL_LIMIT_S + " s)";
    }
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return process.exitValue() == 0 ? DONE : "exit code " + process.exitValue() + ": " + said;
  }

  /** Refuses to touch the network of the machine. */
  private static void require() {
    if (!isInside()) {
      throw new IllegalStateException("no namespaces (expected: started by relay verify)");
    }
  }

  private static void endWithParent() {
    Thread thread =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException closed) {
                // the same as its end
              }
              Runtime.getRuntime().halt(1);
            },
            "end-with-parent");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Runs {@code relay} with these arguments inside and returns its exit code.
   *
   * @throws IOException with one line that says what is missing, when the system does not let us
   */
  public static int run(List<String> args) throws IOException, InterruptedException {
    probe();
    List<String> command = new ArrayList<>(unshare());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + Runtime.getRuntime().maxMemory() / 1_048_576 + "m",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-D" + INSIDE + "=true",
            "-Drelay.home=" + RelayHome.lib().getParent(),
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    command.addAll(args);
    Process inside =
        withTools(new ProcessBuilder(command))
            .redirectOutput(ProcessBuilder.Redirect.INHERIT)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(inside::destroyForcibly, "end-inside"));
    return inside.waitFor();
  }

  private static List<String> unshare() {
    List<String> command = new ArrayList<>(List.of("unshare"));
    if (!"root".equals(System.getProperty("user.name"))) {
      command.addAll(List.of("--user", "--map-root-user"));
    }
    command.addAll(
        List.of("--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child=KILL"));
    return command;
  }

  /** Tells beforehand what is missing, in one line. */
  private static void probe() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(unshare());
    command.addAll(
        List.of(
            "sh",
            "-c",
            "mount -t tmpfs none /run && ip netns add probe && ip link add probe type bridge"));
    String said;
    try {
      said = run(withTools(new ProcessBuilder(command)));
      if (said.equals(DONE)) {
        return;
      }
    } catch (IOException missing) {
      said = String.valueOf(missing.getMessage());
    }
    throw new IOException(
        "networks cannot be split here: "
            + said.replaceAll("\\s*\\R\\s*", "; ")
            + " (expected: unshare of util-linux, ip of iproute2, and root or user namespaces)");
  }

  private static ProcessBuilder withTools(ProcessBuilder builder) {
    Map<String, String> environment = builder.environment();
    environment.merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
    return builder;
  }
}
