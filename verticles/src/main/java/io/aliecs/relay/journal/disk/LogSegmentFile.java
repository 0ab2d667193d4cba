package io.aliecs.relay.journal.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.exceptions.ChecksumException;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.server.raftlog.segmented.SegmentedRaftLogFormat;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedInputStream;
import org.apache.ratis.thirdparty.com.google.protobuf.CodedOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with entries of the journal, as Apache Ratis 3.3 writes and reads it. Each entry is its
 * length as a protobuf varint, its bytes and a checksum of both in 4 bytes; behind the last entry
 * of an open file there are zeros.
 *
 * <p>Ratis does not distinguish a write that stopped in those zeros from damage, and refuses both.
 * Of a closed file that ends early it only warns.
 *
 * @param end index of the last entry, −1 while the file is open
 */
record LogSegmentFile(LogSegmentPath segment, long start, long end) {
  private static final Logger LOG = LoggerFactory.getLogger(LogSegmentFile.class);
  private static final Pattern NAME = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-(\\d+))?");
  private static final int CHECKSUM_BYTES = 4;

  /** Of the varint that an entry begins with. */
  private static final int LONGEST_LENGTH_BYTES = 5;

  /** Disks write sectors of at least this size whole or not at all. */
  private static final int SECTOR_BYTES = 512;

  /** The segment in that file, if it is one; an open one of no bytes at all is deleted. */
  static Optional<LogSegmentFile> at(Path file) {
    Matcher name = NAME.matcher(file.getFileName().toString());
    LogSegmentPath segment = LogSegmentPath.matchLogSegment(file);
    if (segment == null || !name.matches()) {
      return Optional.empty();
    }
    long end = name.group(2) == null ? -1 : Long.parseLong(name.group(2));
    return Optional.of(new LogSegmentFile(segment, Long.parseLong(name.group(1)), end));
  }

  Path file() {
    return segment.getPath();
  }

  /**
   * Has Ratis read every entry. What a stop in the middle of a write left behind is cut off: it was
   * never acknowledged, as that comes after the write.
   *
   * @return index of the last entry, {@code start − 1} when there is none
   * @throws IOException when an entry is damaged, or missing from a closed file
   */
  long inspect() throws IOException {
    AtomicLong last = new AtomicLong(start - 1);
    AtomicLong behindLast = new AtomicLong(SegmentedRaftLogFormat.getHeaderLength());
    try {
      LogSegment.readSegmentFile(
          file().toFile(),
          segment.getStartEnd(),
          JournalInspection.LARGEST_ENTRY,
          CorruptionPolicy.EXCEPTION,
          null,
          entry -> {
            last.set(entry.getIndex());
            behindLast.addAndGet(bytesOf(entry));
          });
    } catch (ChecksumException e) {
      if (end >= 0 || !isTorn((int) e.getPos())) {
        throw damaged(last.get() + 1 + " at byte " + e.getPos(), e);
      }
      cutOff(last.get() + 1, e.getPos());
    } catch (IOException | IllegalStateException e) {
      long rest = Files.size(file()) - behindLast.get();
      if (end >= 0 || rest < 0 || rest >= LONGEST_LENGTH_BYTES) {
        throw damaged(String.valueOf(last.get() + 1), e);
      }
      cutOff(last.get() + 1, behindLast.get()); // it ends within the length of an entry
    }
    if (end >= 0 && last.get() != end) {
      throw new IOException(
          file() + ": ends at entry " + last + " (expected: entry " + end + ", as its name says)");
    }
    return last.get();
  }

  private static int bytesOf(LogEntryProto entry) {
    int length = entry.getSerializedSize();
    return CodedOutputStream.computeUInt32SizeNoTag(length) + length + CHECKSUM_BYTES;
  }

  private IOException damaged(String entry, Exception why) {
    return new IOException(
        file()
            + ": entry "
            + entry
            + " is damaged: "
            + why.getMessage()
            + " (expected: RaftLog1, then entries that match their checksums)",
        why);
  }

  private void cutOff(long entry, long from) throws IOException {
    LOG.warn(
        "{}: the write of entry {} was not finished and never acknowledged; cut off at byte {}",
        file(),
        entry,
        from);
    try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
      channel.truncate(from);
      channel.force(true);
    }
  }

  /** Whether an entry that is in the file in full is the last, and part of it is missing. */
  private boolean isTorn(int from) throws IOException {
    byte[] bytes = Files.readAllBytes(file());
    CodedInputStream entry = CodedInputStream.newInstance(bytes, from, bytes.length - from);
    int length = entry.readRawVarint32();
    int to = from + entry.getTotalBytesRead() + length + CHECKSUM_BYTES;
    if (!isZero(bytes, to, bytes.length)) {
      return false;
    }
    if (isZero(bytes, to - CHECKSUM_BYTES, to)) {
      return true;
    }
    for (int sector = from; sector < to; ) {
      int sectorEnd = Math.min(to, (sector / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (isZero(bytes, sector, sectorEnd)) {
        return true;
      }
      sector = sectorEnd;
    }
    return false;
  }

  private static boolean isZero(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }
}
