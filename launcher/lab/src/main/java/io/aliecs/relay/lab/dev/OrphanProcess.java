package io.aliecs.relay.lab.dev;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that outlives a {@code dev} that was killed. Its id is kept in a file, so that the next
 * {@code dev} with the same folder ends it, and nothing else.
 *
 * @param name for people
 * @param pidFile where its id is kept
 * @param argument what it is started with and no other process is
 */
record OrphanProcess(String name, Path pidFile, String argument) {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanProcess.class);
  private static final int STOP_SECONDS = 5;
  private static final int LOOKS_A_SECOND = 10;

  /** Keeps the id of a process that has just been started. */
  void keep(Process process) throws IOException {
    Files.writeString(pidFile, Long.toString(process.pid()));
  }

  /** Ends those that still run, together, and waits. Only for who alone uses their folder. */
  static void end(List<OrphanProcess> all) throws IOException, InterruptedException {
    Map<OrphanProcess, ProcessHandle> running = new HashMap<>();
    for (OrphanProcess one : all) {
      one.find().ifPresent(process -> running.put(one, process));
    }
    running.forEach(
        (one, process) -> {
          LOG.info("ending {} that was left behind, process {}", one.name, process.pid());
          process.destroy();
        });
    if (!haveEnded(running)) {
      running.values().forEach(ProcessHandle::destroyForcibly);
      haveEnded(running);
    }
    for (OrphanProcess one : all) {
      Files.deleteIfExists(one.pidFile);
    }
  }

  private Optional<ProcessHandle> find() throws IOException {
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    String pid = Files.readString(pidFile).strip();
    return pid.matches("[0-9]{1,18}")
        ? ProcessHandle.of(Long.parseLong(pid)).filter(this::isIt)
        : Optional.empty();
  }

  /** Process ids are used again; the command line shows whose it is, and that it still runs. */
  private boolean isIt(ProcessHandle process) {
    return process
        .info()
        .arguments()
        .filter(arguments -> Arrays.asList(arguments).contains(argument))
        .isPresent();
  }

  private static boolean haveEnded(Map<OrphanProcess, ProcessHandle> running)
      throws InterruptedException {
    for (int look = 0; look < STOP_SECONDS * LOOKS_A_SECOND; look++) {
      if (running.entrySet().stream().noneMatch(one -> one.getKey().isIt(one.getValue()))) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(1_000 / LOOKS_A_SECOND);
    }
    return false;
  }
}
