package io.aliecs.relay.environment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Keeps every other process away from a folder; ends with the process at the latest. */
final class FolderLock implements AutoCloseable {
  private static final String NAME = "relay.lock";

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a folder, which is made when missing.
   *
   * @throws IOException when the folder cannot be made or written, or is locked
   */
  static FolderLock of(Path folder) throws IOException {
    FileChannel channel;
    try {
      Files.createDirectories(folder);
      channel =
          FileChannel.open(
              folder.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException(
          folder + ": cannot be written: " + e + " (expected: a folder of this user)", e);
    }
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return new FolderLock(channel);
      }
    } catch (OverlappingFileLockException e) {
      // by this process: the same as by another
    }
    channel.close();
    throw new IOException(
        folder + ": in use by another relay (expected: a folder of its own for each)");
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
