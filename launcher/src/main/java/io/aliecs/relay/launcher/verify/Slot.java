package io.aliecs.relay.launcher.verify;

/**
 * The place of one message in everything that is expected.
 *
 * @param index ascending in the order of the load
 * @param what the message, for people
 */
record Slot(long index, ExpectedChange change, String what) {
  String environmentId() {
    return change.environmentId();
  }

  /** Cheap, for the index tells slots apart. */
  @Override
  public int hashCode() {
    return Long.hashCode(index);
  }
}
