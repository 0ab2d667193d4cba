package io.aliecs.relay.publisher.records;

import io.aliecs.relay.domain.command.Command.Refusal;
import java.util.List;

/**
 * Kafka refuses records for what they are: sent again, they are refused again. Nothing of their
 * transaction is in Kafka; the session goes on.
 */
public final class RecordsRejectedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<Refusal> refusals;

  public RecordsRejectedException(List<Refusal> refusals) {
    super(refusals.get(0).reason());
    this.refusals = List.copyOf(refusals);
  }

  /** What is refused, at least one. */
  public List<Refusal> refusals() {
    return refusals;
  }
}
