package io.aliecs.relay.journal.codec;

import com.google.protobuf.InvalidProtocolBufferException;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.Rules;
import io.aliecs.relay.proto.journal.Batch;
import io.aliecs.relay.proto.journal.CommandRecord;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads journal entries. What it refuses is not written by any host, and skipped by all of them if
 * it was written all the same: so what it decides depends on nothing but the entry.
 */
public final class EntryReader {
  /** The newest format of entries and snapshots that this version writes and reads. */
  public static final int VERSION = 5;

  /** The most bytes of one request, and of the commands of one entry that several share. */
  public static final int REQUEST_BYTES = 2 * 1024 * 1024;

  /** The most bytes of an entry: what one request may have, and the frames of its commands. */
  public static final int MOST_BYTES = REQUEST_BYTES * 3 / 2;

  /** The first version in which an entry names the rules by which it is applied. */
  public static final int RULES_VERSION = 4;

  private EntryReader() {}

  /** An entry that a newer version of the relay has written, and applies. */
  public static final class NewerEntryException extends Exception {
    private static final long serialVersionUID = 1L;

    NewerEntryException(String what, int found, int newest) {
      super(what + ": " + found + " (expected: at most " + newest + ")");
    }
  }

  /**
   * The content of an entry.
   *
   * @param rules those by which its commands are applied
   */
  public record Entry(List<Command> commands, int rules) {}

  /**
   * Reads an entry.
   *
   * @throws IllegalArgumentException when it is none; the message has what was found and expected
   * @throws NewerEntryException when only a newer version can read it
   */
  public static Entry read(ByteBuffer entry) throws NewerEntryException {
    if (entry.remaining() > MOST_BYTES) {
      throw new IllegalArgumentException(
          "size: " + entry.remaining() + " bytes (expected: at most " + MOST_BYTES + ")");
    }
    Batch batch;
    try {
      batch = Batch.parseFrom(entry);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("bytes: " + e.getMessage() + " (expected: a Batch)", e);
    }
    if (batch.getVersion() > VERSION) {
      throw new NewerEntryException("version", batch.getVersion(), VERSION);
    }
    if (batch.getCommandCount() == 0) {
      throw new IllegalArgumentException("commands: none (expected: one or more)");
    }
    return new Entry(
        batch.getCommandList().stream().map(record -> read(record, batch.getVersion())).toList(),
        rules(batch));
  }

  private static int rules(Batch batch) throws NewerEntryException {
    if (batch.getVersion() < RULES_VERSION) { // older versions ignore the rules
      return Rules.FIRST;
    }
    if (batch.getRules() > Rules.CURRENT) {
      throw new NewerEntryException("rules", batch.getRules(), Rules.CURRENT);
    }
    return Math.max(Rules.FIRST, batch.getRules());
  }

  /** A host that knows only the version of the entry must come to the same end. */
  private static Command read(CommandRecord record, int version) {
    int needed = CommandRecords.version(record);
    if (version < needed) {
      throw new IllegalArgumentException(
          "version: "
              + version
              + " (expected: "
              + needed
              + " for "
              + record.getCommandCase()
              + ")");
    }
    return CommandRecords.read(record);
  }
}
