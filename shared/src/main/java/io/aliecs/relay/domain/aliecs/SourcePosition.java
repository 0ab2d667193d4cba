package io.aliecs.relay.domain.aliecs;

/**
 * The record of AliECS's stream that an event was read from.
 *
 * @param offset offset of the record in its partition
 */
public record SourcePosition(SourcePartition partition, long offset) {
  public SourcePosition {
    if (offset < 0) {
      throw new IllegalArgumentException("offset: " + offset + " (expected: 0 or more)");
    }
  }

  @Override
  public String toString() {
    return partition + " offset " + offset;
  }
}
