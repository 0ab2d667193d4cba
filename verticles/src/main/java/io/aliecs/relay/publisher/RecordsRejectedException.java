package io.aliecs.relay.publisher;

import io.aliecs.relay.domain.Command.Refusal;
import java.util.List;

/**
 * Kafka refuses records for what they are: sent again, they are refused again. Nothing of their
 * transaction is in Kafka; the session goes on.
 */
final class RecordsRejectedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Refusal> refusals;

  RecordsRejectedException(List<Refusal> refusals) {
    super(refusals.get(0).reason());
    this.refusals = List.copyOf(refusals);
  }

  /** What is refused, at least one. */
  List<Refusal> refusals() {
    return refusals;
  }
}
