package io.aliecs.relay.journal.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Marks on disk that this host has no vote yet, as its journal may not be whole. It outlives the
 * process, or a host killed while it catches up would come back with a vote.
 */
public final class JoinMarker {
  private final Path waits;
  private final Path belongs;

  /** The marks in the folder of a journal. */
  public JoinMarker(Path folder) {
    waits = folder.resolve("relay.joining");
    belongs = folder.resolve("relay.rejoining");
  }

  /** Whether this host has no vote yet. */
  public boolean isSet() {
    return Files.exists(waits) || Files.exists(belongs);
  }

  /** Whether it belonged to the group before it lost its disk. */
  public boolean belongs() {
    return Files.exists(belongs);
  }

  /** Sets it for a host that an operator is to add. */
  public void setForNewHost() throws IOException {
    if (!isSet()) {
      write(waits);
    }
  }

  /** Sets it for a host that belongs to the group, and has lost its disk. */
  public void setForLostDisk() throws IOException {
    write(belongs);
  }

  public void clear() throws IOException {
    Files.deleteIfExists(waits);
    Files.deleteIfExists(belongs);
  }

  private static void write(Path mark) throws IOException {
    try (FileChannel channel =
        FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    try (FileChannel folder = FileChannel.open(mark.resolveSibling(""), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }
}
