package io.aliecs.relay.journal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every other process, and every other user, away from a folder in which there is room to
 * write. The lock ends with the process at the latest.
 */
public final class FolderLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);
  private static final String NAME = "relay.lock";
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  /** What the journal takes at once: a segment of its log, and files beside it. */
  private static final int ROOM_BYTES = 2 * 1024 * 1024;

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a folder, which is made when missing, and is for this user alone.
   *
   * @throws IOException when the folder cannot be made or written, is locked or full
   */
  public static FolderLock of(Path folder) throws IOException {
    FileChannel channel;
    try {
      makePrivate(folder);
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
        requireRoom(folder);
        return new FolderLock(channel);
      }
    } catch (IOException e) {
      channel.close();
      throw e;
    } catch (OverlappingFileLockException e) {
      // by this process: the same as by another
    }
    channel.close();
    throw new IOException(
        folder + ": in use by another relay (expected: a folder of its own for each)");
  }

  /** Makes the folder, and those above it, when missing; takes the rights of others from it. */
  private static void makePrivate(Path folder) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder);
      return;
    }
    Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER));
    if (!Files.getPosixFilePermissions(folder).equals(OWNER)) {
      Files.setPosixFilePermissions(folder, OWNER);
    }
    Path above = folder.toAbsolutePath().getParent();
    if (above != null) {
      warnOfOthers(above);
    }
  }

  /** Whoever may write to the folder above can put another one in this one's place. */
  private static void warnOfOthers(Path above) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(above);
    if (rights.contains(PosixFilePermission.OTHERS_WRITE)
        || rights.contains(PosixFilePermission.GROUP_WRITE)) {
      LOG.warn(
          "{}: {} (expected: rwx------; others can move the journal away)",
          above,
          PosixFilePermissions.toString(rights));
    }
  }

  /** Half of a journal on a full disk would be worse than none. */
  private static void requireRoom(Path folder) throws IOException {
    Path probe = folder.resolve("relay.probe");
    try (FileChannel channel =
        FileChannel.open(
            probe,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      ByteBuffer zeros = ByteBuffer.allocate(ROOM_BYTES);
      while (zeros.hasRemaining()) {
        channel.write(zeros);
      }
      channel.force(true);
    } catch (IOException e) {
      throw new IOException(
          folder
              + ": no room to write: "
              + e.getMessage()
              + " (expected: room for "
              + ROOM_BYTES
              + " bytes at least)",
          e);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
