package io.aliecs.relay.journal.disk;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder that nobody but the user of this process can enter. */
final class PrivateFolder {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateFolder.class);
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFolder() {}

  /**
   * Makes the folder, and those above it, when missing; takes the rights of others from it.
   *
   * @throws IOException when it cannot be made, or is not this user's
   */
  static void make(Path folder) throws IOException {
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
}
