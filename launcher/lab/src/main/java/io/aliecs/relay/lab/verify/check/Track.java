package io.aliecs.relay.lab.verify.check;

import io.aliecs.relay.lab.verify.expected.ExpectedChange;
import io.aliecs.relay.lab.verify.expected.ExpectedMessage;
import org.jspecify.annotations.Nullable;

/**
 * The place of one message in everything that is expected.
 *
 * @param index ascending in the order of the load
 * @param message the notification, null for a list
 * @param what the message, for people
 */
record Track(long index, ExpectedChange change, @Nullable ExpectedMessage message, String what) {
  String environmentId() {
    return change.environmentId();
  }

  /** Cheap: each index is that of one track. */
  @Override
  public int hashCode() {
    return Long.hashCode(index);
  }
}
