package io.aliecs.relay.journal.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with entries of the journal. Format as of Apache Ratis 3.3 (SegmentedRaftLogFormat): the
 * header {@code RaftLog1}, then for each entry its length as a protobuf varint, its bytes and the
 * CRC-32C of both as 4 bytes; behind the last entry of an open file, zeros.
 *
 * <p>Read here because Ratis, which compares the checksums too, does not tell a write that stopped
 * in those zeros from damage: it refuses both, or drops all that is behind either, acknowledged or
 * not. Of a closed file that ends early it only warns.
 *
 * @param end index of the last entry, −1 while the file is open
 */
record LogSegmentFile(Path file, long start, long end) {
  private static final Logger LOG = LoggerFactory.getLogger(LogSegmentFile.class);
  private static final Pattern CLOSED = Pattern.compile("log_(\\d+)-(\\d+)");
  private static final Pattern OPEN = Pattern.compile("log_inprogress_(\\d+)");
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final int CHECKSUM_BYTES = 4;

  /** Disks write sectors of at least this size whole or not at all. */
  private static final int SECTOR_BYTES = 512;

  /** The segment in that file, if it is one. */
  static Optional<LogSegmentFile> at(Path file) {
    String name = file.getFileName().toString();
    Matcher closed = CLOSED.matcher(name);
    if (closed.matches()) {
      return Optional.of(
          new LogSegmentFile(
              file, Long.parseLong(closed.group(1)), Long.parseLong(closed.group(2))));
    }
    Matcher open = OPEN.matcher(name);
    return open.matches()
        ? Optional.of(new LogSegmentFile(file, Long.parseLong(open.group(1)), -1))
        : Optional.empty();
  }

  /** Where an entry lies in the file: from its length up to and including its checksum. */
  private record Frame(int from, int to) {}

  /**
   * Checks every entry. What a stop in the middle of a write left behind is cut off: it was never
   * acknowledged, as that comes after the write.
   *
   * @return index of the last entry, {@code start − 1} when there is none
   * @throws IOException when an entry is damaged, or a closed file lacks some
   */
  long inspect() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long last = start - 1;
    int at = HEADER.length;
    if (!startsWithHeader(bytes)) {
      if (end < 0 && isZero(bytes, 0, bytes.length)) {
        return last; // made, and nothing written yet
      }
      throw new IOException(file + ": begins with other bytes (expected: RaftLog1)");
    }
    while (at < bytes.length && bytes[at] != 0) {
      Frame frame = frame(bytes, at);
      if (frame.to() > bytes.length || !isIntact(bytes, frame)) {
        cutOff(bytes, frame, last + 1);
        break;
      }
      last++;
      at = frame.to();
    }
    if (end >= 0 && last != end) {
      throw new IOException(
          file + ": ends at entry " + last + " (expected: entry " + end + ", as its name says)");
    }
    return last;
  }

  private static boolean startsWithHeader(byte[] bytes) {
    return bytes.length >= HEADER.length
        && Arrays.equals(bytes, 0, HEADER.length, HEADER, 0, HEADER.length);
  }

  private static Frame frame(byte[] bytes, int at) {
    long length = 0;
    int next = at;
    for (int shift = 0; shift < 35 && next < bytes.length; shift += 7) {
      byte part = bytes[next++];
      length |= (long) (part & 0x7F) << shift;
      if (part >= 0) {
        break;
      }
    }
    long to = Math.min(next + length + CHECKSUM_BYTES, Integer.MAX_VALUE);
    return new Frame(at, (int) to);
  }

  private static boolean isIntact(byte[] bytes, Frame frame) {
    CRC32C sum = new CRC32C();
    int end = frame.to() - CHECKSUM_BYTES;
    sum.update(bytes, frame.from(), end - frame.from());
    return ByteBuffer.wrap(bytes, end, CHECKSUM_BYTES).getInt() == (int) sum.getValue();
  }

  private void cutOff(byte[] bytes, Frame frame, long index) throws IOException {
    if (end >= 0 || !isTorn(bytes, frame)) {
      throw new IOException(
          file
              + ": entry "
              + index
              + " at byte "
              + frame.from()
              + " is damaged (expected: bytes that match their checksum)");
    }
    LOG.warn(
        "{}: the write of entry {} was not finished and never acknowledged; cut off at byte {}",
        file,
        index,
        frame.from());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(frame.from());
      channel.force(true);
    }
  }

  /** Whether it is the last, and a part of it did not reach the disk. */
  private static boolean isTorn(byte[] bytes, Frame frame) {
    if (frame.to() > bytes.length) {
      return true;
    }
    if (!isZero(bytes, frame.to(), bytes.length)) {
      return false;
    }
    if (isZero(bytes, frame.to() - CHECKSUM_BYTES, frame.to())) {
      return true;
    }
    for (int from = frame.from(); from < frame.to(); ) {
      int sectorEnd = Math.min(frame.to(), (from / SECTOR_BYTES + 1) * SECTOR_BYTES);
      if (isZero(bytes, from, sectorEnd)) {
        return true;
      }
      from = sectorEnd;
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
