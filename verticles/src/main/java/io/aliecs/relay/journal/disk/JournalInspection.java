package io.aliecs.relay.journal.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.util.MD5FileUtil;
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
  private static final Pattern SNAPSHOT = Pattern.compile("snapshot\\.(\\d+)_(\\d+)");

  private final Path logs;
  private final Path snapshots;

  /** A whole snapshot; index −1 stands for none. */
  private record Snapshot(Path file, long index) {}

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
    if (!Files.isDirectory(inspection.logs)) {
      return;
    }
    long snapshot = inspection.snapshot();
    inspection.log(snapshot);
  }

  // Snapshots

  /** Index of the newest snapshot that can be trusted, −1 when there is none. */
  private long snapshot() throws IOException {
    List<Snapshot> found = new ArrayList<>();
    for (Path file : files(snapshots)) {
      Matcher matcher = SNAPSHOT.matcher(file.getFileName().toString());
      if (matcher.matches()) {
        found.add(new Snapshot(file, Long.parseLong(matcher.group(2))));
      }
    }
    found.sort(Comparator.comparingLong(Snapshot::index).reversed());
    for (Snapshot snapshot : found) {
      if (isWhole(snapshot)) {
        return snapshot.index();
      }
    }
    return -1;
  }

  private static boolean isWhole(Snapshot snapshot) throws IOException {
    Path sum = md5(snapshot.file());
    if (!Files.exists(sum)) {
      LOG.warn("{} was not finished; removed, the log is replayed", snapshot.file());
      Files.delete(snapshot.file());
      return false;
    }
    try {
      MD5FileUtil.verifySavedMD5(
          snapshot.file().toFile(), MD5FileUtil.computeMd5ForFile(snapshot.file().toFile()));
      return true;
    } catch (IOException e) {
      LOG.error(
          "{} is damaged and set aside: {}; the log is replayed from the snapshot before",
          snapshot.file(),
          e.getMessage());
      setAside(snapshot.file());
      setAside(sum);
      return false;
    }
  }

  private static Path md5(Path snapshot) {
    return snapshot.resolveSibling(snapshot.getFileName() + ".md5");
  }

  private static void setAside(Path file) throws IOException {
    Files.move(
        file,
        file.resolveSibling("damaged-" + file.getFileName()),
        StandardCopyOption.REPLACE_EXISTING);
  }

  // Log

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
