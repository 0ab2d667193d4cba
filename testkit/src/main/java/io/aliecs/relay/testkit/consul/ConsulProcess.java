package io.aliecs.relay.testkit.consul;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A real Consul server as a process of its own, bound to 127.0.0.1 on free ports, for tests and for
 * {@code dev}. It can be stopped, killed, frozen and started again on the same ports, with its data
 * kept (persisted) or gone (in memory).
 *
 * <p>Every call blocks; keep them off event loops. Not thread-safe, but for {@link #close}.
 */
public final class ConsulProcess implements AutoCloseable {

  private static final Duration LONGEST_START = Duration.ofSeconds(30);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);

  private final Path program;
  private final Optional<Path> data;
  private final ConsulConfig config;
  private final Path configFile;
  private final Path moreConfig;
  private final Path log;
  private final Thread orphanage = new Thread(this::kill, "consul-orphanage");
  private volatile @Nullable Process process;
  private @Nullable String managementToken;

  private ConsulProcess(
      Path program, Path folder, boolean persisted, boolean acls, String moreConfig)
      throws IOException {
    this.program = program;
    Files.createDirectories(folder);
    this.data =
        persisted ? Optional.of(Files.createDirectories(folder.resolve("data"))) : Optional.empty();
    this.config = ConsulConfig.onFreePorts(acls);
    this.configFile = Files.writeString(folder.resolve("consul.hcl"), config.toHcl());
    this.log = folder.resolve("consul.log");
    this.moreConfig = Files.writeString(folder.resolve("more.hcl"), moreConfig);
    Runtime.getRuntime().addShutdownHook(orphanage);
  }

  /**
   * Starts a server whose data live in memory ({@code -dev}) and waits until it serves.
   *
   * @param folder where its log and its configuration go
   */
  public static ConsulProcess inMemory(Path folder) throws IOException {
    return new ConsulProcess(ConsulProgram.find(), folder, false, false, "").start();
  }

  /**
   * The same with more configuration.
   *
   * @param hcl Consul's own settings, merged over ours
   */
  public static ConsulProcess inMemory(Path folder, String hcl) throws IOException {
    return new ConsulProcess(ConsulProgram.find(), folder, false, false, hcl).start();
  }

  /**
   * Starts a server with its data in the folder, so that they outlive {@link #kill} and {@link
   * #start}, and waits until it serves.
   */
  public static ConsulProcess persisted(Path folder) throws IOException {
    return new ConsulProcess(ConsulProgram.find(), folder, true, false, "").start();
  }

  /**
   * Starts a persisted server that denies whatever no token allows, and waits until it serves and
   * has made its {@link #managementToken}.
   */
  public static ConsulProcess withAcls(Path folder) throws IOException {
    return new ConsulProcess(ConsulProgram.find(), folder, true, true, "").start();
  }

  /** Where it serves HTTP, as {@code 127.0.0.1:port}. */
  public String address() {
    return "127.0.0.1:" + port();
  }

  /** The port of {@link #address}. */
  public int port() {
    return config.httpPort();
  }

  /** The token that may do everything; only on a server with ACLs. */
  public String managementToken() {
    if (managementToken == null) {
      throw new IllegalStateException("no management token (expected: a server made by withAcls)");
    }
    return managementToken;
  }

  /** Starts it, again if it has been stopped, and waits until it serves reads and writes. */
  public ConsulProcess start() throws IOException {
    if (process != null) {
      throw new IllegalStateException("Consul runs already on port " + port());
    }
    process =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    try {
      awaitServing();
      if (config.acls() && managementToken == null) {
        managementToken = bootstrapAcls();
      }
    } catch (IOException | RuntimeException e) {
      kill();
      throw e;
    }
    return this;
  }

  /** Stops it in an orderly way and waits for its end. */
  public void stop() {
    end(false);
  }

  /** Kills it as a crash would, and waits for its end. */
  public void kill() {
    end(true);
  }

  /** Freezes it: its sockets stay open and nothing is answered. */
  public void pause() throws IOException {
    signal("STOP");
  }

  /** Ends {@link #pause}. */
  public void resume() throws IOException {
    signal("CONT");
  }

  /** Throws away everything it has stored; only while it is stopped. */
  public void wipe() throws IOException {
    if (process != null) {
      throw new IllegalStateException("Consul runs on port " + port() + " (expected: stopped)");
    }
    if (data.isPresent()) {
      Utils.delete(data.get().toFile());
      Files.createDirectories(data.get());
    }
  }

  /** Its HTTP API, with the management token when there is one. */
  public ConsulApi api() {
    return new ConsulApi("http://" + address(), Optional.ofNullable(managementToken));
  }

  /** Kills it; what it has stored stays in its folder. */
  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(orphanage);
    } catch (IllegalStateException e) {
      // The JVM is going down and runs the hook itself.
      return;
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>(List.of(program.toString(), "agent"));
    if (data.isPresent()) {
      command.addAll(
          List.of("-server", "-bootstrap-expect=1", "-data-dir=" + data.get().toAbsolutePath()));
    } else {
      command.add("-dev");
    }
    command.addAll(
        List.of(
            "-bind=127.0.0.1",
            "-client=127.0.0.1",
            "-node=relay",
            "-config-file=" + configFile,
            "-config-file=" + moreConfig));
    return command;
  }

  private void awaitServing() throws IOException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    String last = "nothing yet";
    while (System.nanoTime() - end < 0) {
      Process running = process;
      if (running == null || !running.isAlive()) {
        throw new IOException("Consul ended at once; its log is " + log);
      }
      try {
        String leader = api().request("GET", "/v1/status/leader", new byte[0]);
        if (leader.strip().length() > 2
            && ((config.acls() && managementToken == null) || canWrite())) {
          return;
        }
        last = "leader " + leader.strip();
      } catch (IOException e) {
        last = String.valueOf(e.getMessage());
      }
      pauseBetweenLooks();
    }
    throw new IOException("Consul does not serve after " + LONGEST_START + ": " + last);
  }

  private boolean canWrite() throws IOException {
    // A delete of nothing goes through Raft and leaves no trace.
    api().request("DELETE", "/v1/kv/relay-testkit-ready", new byte[0]);
    return true;
  }

  private String bootstrapAcls() throws IOException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (true) {
      try {
        String made = api().request("PUT", "/v1/acl/bootstrap", new byte[0]);
        int at = made.indexOf("\"SecretID\":\"") + "\"SecretID\":\"".length();
        return made.substring(at, made.indexOf('"', at));
      } catch (IOException e) {
        if (System.nanoTime() - end > 0) {
          throw e;
        }
        pauseBetweenLooks();
      }
    }
  }

  private static void pauseBetweenLooks() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for Consul", e);
    }
  }

  private void end(boolean hard) {
    Process running = process;
    process = null;
    if (running == null) {
      return;
    }
    if (hard) {
      running.destroyForcibly();
    } else {
      running.destroy();
    }
    try {
      if (!running.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        running.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.destroyForcibly();
    }
  }

  private void signal(String name) throws IOException {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("Consul does not run (expected: running)");
    }
    try {
      int status =
          new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).start().waitFor();
      if (status != 0) {
        throw new IOException("kill -" + name + " ended with status " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while signalling Consul", e);
    }
  }
}
