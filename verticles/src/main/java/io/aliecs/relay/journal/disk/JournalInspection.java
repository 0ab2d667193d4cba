package io.aliecs.relay.journal.disk;

import static org.apache.ratis.statemachine.impl.SimpleStateMachineStorage.SNAPSHOT_REGEX;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.util.MD5FileUtil;
import org.apache.ratis.util.SizeInBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a journal on disk before it is opened: what cannot be trusted is refused, by name; what
 * an unclean stop leaves behind is cleared away. Call it with the folder locked.
 *
 * <p>Layout of the folder as of Apache Ratis 3.3: {@code current/log_<start>-<end>}, {@code
 * current/log_inprogress_<start>}, {@code sm/snapshot.<term>_<index>} with its {@code .md5}.
 */
public final class JournalInspection {
  private static final Logger LOG = LoggerFactory.getLogger(JournalInspection.class);

  /** The most bytes of an entry that Ratis reads back. */
  public static final SizeInBytes LARGEST_ENTRY = SizeInBytes.valueOf("4MB");

  private final Path logs;
  private final Path snapshots;

  private JournalInspection(Path group) {
    logs = group.resolve("current");
    snapshots = group.resolve("sm");
  }

  /**
   * Inspects the journal of a group; there may be none yet.
   *
   * @param group folder of the group
   * @throws IOException when what was acknowledged cannot all be read; the message names the file,
   *     what is wrong and what is expected
   */
  public static void inspect(Path group) throws IOException {
    JournalInspection inspection = new JournalInspection(group);
    if (Files.isDirectory(inspection.logs)) {
      inspection.log(inspection.snapshot());
    }
  }

  /** Index of the newest snapshot that can be trusted, −1 when there is none. */
  private long snapshot() throws IOException {
    List<Path> found =
        files(snapshots).stream()
            .filter(file -> SNAPSHOT_REGEX.matcher(file.getFileName().toString()).matches())
            .sorted(Comparator.comparingLong(JournalInspection::index).reversed())
            .toList();
    for (Path snapshot : found) {
      if (isWhole(snapshot)) {
        return index(snapshot);
      }
    }
    return -1;
  }

  private static long index(Path snapshot) {
    return SimpleStateMachineStorage.getTermIndexFromSnapshotFile(snapshot.toFile()).getIndex();
  }

  private static boolean isWhole(Path snapshot) throws IOException {
    Path sum = MD5FileUtil.getDigestFileForFile(snapshot.toFile()).toPath();
    if (!Files.exists(sum)) {
      LOG.warn("{} was not finished; removed, the log is replayed", snapshot);
      Files.delete(snapshot);
      return false;
    }
    try {
      MD5FileUtil.verifySavedMD5(
          snapshot.toFile(), MD5FileUtil.computeMd5ForFile(snapshot.toFile()));
      return true;
    } catch (IOException e) {
      LOG.error(
          "{} is damaged and set aside: {}; the log is replayed from the snapshot before",
          snapshot,
          e.getMessage());
      setAside(snapshot);
      setAside(sum);
      return false;
    }
  }

  private static void setAside(Path file) throws IOException {
    Files.move(
        file,
        file.resolveSibling("damaged-" + file.getFileName()),
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void log(long snapshot) throws IOException {
    List<LogSegmentFile> segments = new ArrayList<>();
    for (Path file : files(logs)) {
      LogSegmentFile.at(file).ifPresent(segments::add);
    }
    segments.sort(Comparator.comparingLong(LogSegmentFile::start));
    long last = -1;
    for (LogSegmentFile segment : segments) {
      long expected = last < 0 ? snapshot + 1 : last + 1;
      if (segment.start() > expected || (last >= 0 && segment.start() < expected)) {
        throw new IOException(
            logs
                + ": entries "
                + expected
                + " to "
                + (segment.start() - 1)
                + " are missing (expected: all behind the snapshot of entry "
                + snapshot
                + ")");
      }
      last = Math.max(last, segment.inspect());
    }
    if (!segments.isEmpty() && last < snapshot) {
      // Ratis waits for ever when the log ends before the snapshot; the snapshot has all of it.
      LOG.warn("{} ends at entry {}, before snapshot {}; removed", logs, last, snapshot);
      for (LogSegmentFile segment : segments) {
        Files.delete(segment.file());
      }
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
