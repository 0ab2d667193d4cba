package io.aliecs.relay.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Finds TCP ports on 127.0.0.1 that nothing listens on, outside the range from which the system
 * takes local ports of outgoing connections: a service that is restarted finds its port free again.
 * Each process claims blocks of ports for as long as it lives and goes through them in a row, so
 * that a port that was given and is not listened on yet, or not for a moment, is not given to
 * somebody else. Thread-safe.
 */
public final class FreePort {
  private static final int LOWEST = 15_000;
  private static final int HIGHEST = 32_000;
  private static final int ATTEMPTS = 200;
  private static final int BLOCK = 100;
  private static final int BLOCKS = (HIGHEST - LOWEST) / BLOCK;

  /** A file for each block, locked by the process that has it: a lock ends with its process. */
  private static final Path CLAIMS =
      Path.of(
          System.getProperty("java.io.tmpdir"), "relay-ports-" + System.getProperty("user.name"));

  /** By block: to close one would give up the lock. */
  private static final Map<Integer, FileChannel> CLAIMED = new HashMap<>();

  private static int next;
  private static int end;

  private static final long MOMENT_MS = 3_000;
  private static final long LOOK_MS = 20;

  private FreePort() {}

  /**
   * A port that was free a moment ago.
   *
   * @throws IllegalStateException when none was found in {@value #ATTEMPTS} attempts
   */
  public static int find() {
    return find(1);
  }

  /**
   * The first of some ports in a row that were free a moment ago.
   *
   * @param count how many, 1 or more
   * @throws IllegalStateException when none were found in {@value #ATTEMPTS} attempts
   */
  public static int find(int count) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int first = take(count);
      if (IntStream.range(first, first + count).allMatch(FreePort::isFree)) {
        return first;
      }
    }
    throw new IllegalStateException(
        "no free port on 127.0.0.1 after "
            + ATTEMPTS
            + " attempts (expected: one in "
            + LOWEST
            + "-"
            + HIGHEST
            + ")");
  }

  /** The first of the next ports in a row, of another block after the last of this one. */
  private static synchronized int take(int count) {
    if (next + count > end) {
      next = LOWEST + claim() * BLOCK;
      end = next + BLOCK;
    }
    next += count;
    return next - count;
  }

  /** A block that no process has; any when all are taken. */
  private static int claim() {
    int from = ThreadLocalRandom.current().nextInt(BLOCKS);
    return IntStream.range(0, BLOCKS)
        .map(i -> (from + i) % BLOCKS)
        .filter(FreePort::isClaimed)
        .findFirst()
        .orElse(from);
  }

  /** Whether this process has just claimed the block. */
  private static boolean isClaimed(int block) {
    if (CLAIMED.containsKey(block)) {
      return false;
    }
    try {
      Files.createDirectories(CLAIMS);
      FileChannel file =
          FileChannel.open(
              CLAIMS.resolve(String.valueOf(block)),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      if (file.tryLock() == null) {
        file.close();
        return false;
      }
      CLAIMED.put(block, file);
      return true;
    } catch (IOException unusable) {
      return false;
    }
  }

  /** Whether nothing listens on {@code port} of 127.0.0.1 at this moment. */
  public static boolean isFree(int port) {
    // Bound only: a socket that listened, however briefly, would take in somebody's client.
    try (Socket socket = new Socket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }

  /**
   * The same a moment later if need be, {@value #MOMENT_MS} ms at most: the sockets of a process
   * outlive it a little. Blocks.
   */
  public static boolean isSoonFree(int port) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOMENT_MS);
    boolean free = isFree(port);
    while (!free && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
      free = isFree(port);
    }
    return free;
  }
}
