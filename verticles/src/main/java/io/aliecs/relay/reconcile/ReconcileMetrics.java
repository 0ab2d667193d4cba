package io.aliecs.relay.reconcile;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted of the questions to AliECS's core. */
final class ReconcileMetrics {
  private static final String PREFIX = "relay.core.";

  private final MeterRegistry meters;

  ReconcileMetrics(MeterRegistry meters) {
    this.meters = meters;
    answers(true);
    answers(false);
    for (Reconciliation.Kind kind : Reconciliation.Kind.values()) {
      reconciliations(kind);
    }
  }

  /** The core was asked. */
  void asked(boolean answered) {
    answers(answered).increment();
  }

  private Counter answers(boolean answered) {
    return Counter.builder(PREFIX + "answers")
        .description("Questions to AliECS's core which environments exist, by outcome")
        .tag("outcome", answered ? "answered" : "failed")
        .register(meters);
  }

  /** The journal was told what the stream had missed. */
  void reconciled(Reconciliation.Kind kind) {
    reconciliations(kind).increment();
  }

  private Counter reconciliations(Reconciliation.Kind kind) {
    return Counter.builder(PREFIX + "reconciled")
        .description("Environments of which the core knew what the event stream had not told")
        .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
        .register(meters);
  }
}
