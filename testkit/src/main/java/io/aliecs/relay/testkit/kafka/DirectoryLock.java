package io.aliecs.relay.testkit.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a data directory for one broker at a time, in this process or another. Kafka's own lock
 * comes too late: a second broker has by then written to the metadata log of the first. The system
 * frees it when the process ends, however it ends.
 */
record DirectoryLock(FileChannel channel) implements AutoCloseable {
  private static final String FILE = ".in-use";

  /**
   * Takes the lock, creating the directory where it is missing.
   *
   * @throws IllegalStateException when another broker has it, or the directory cannot be written
   */
  static DirectoryLock take(Path directory) {
    try {
      Files.createDirectories(directory);
      FileChannel channel =
          FileChannel.open(
              directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (locked(channel)) {
        return new DirectoryLock(channel);
      }
      channel.close();
    } catch (IOException failed) {
      throw new IllegalStateException(
          directory + ": " + failed.getMessage() + " (expected: a directory this user can write)",
          failed);
    }
    throw new IllegalStateException(
        directory + ": in use by another Kafka (expected: a data directory that no other uses)");
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException inThisProcess) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
