package io.aliecs.relay.reconcile;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What is counted of the questions to AliECS's core. */
final class ReconcileMetrics {
  private static final String PREFIX = "relay.core.";

  private final MeterRegistry meters;
  private volatile double answering = Double.NaN;

  ReconcileMetrics(MeterRegistry meters) {
    this.meters = meters;
    Gauge.builder(PREFIX + "answering", this, metrics -> metrics.answering)
        .description(
            "1 when AliECS's core could be compared with the last time, 0 when not; NaN on a host"
                + " that does not ask")
        .register(meters);
    answers(true);
    answers(false);
    for (Reconciliation.Kind kind : Reconciliation.Kind.values()) {
      reconciliations(kind);
    }
  }

  /** The core was asked. */
  void asked(boolean answered) {
    answering = answered ? 1 : 0;
    answers(answered).increment();
  }

  /** This host does not ask any more. */
  void silent() {
    answering = Double.NaN;
  }

  private Counter answers(boolean answered) {
    return Counter.builder(PREFIX + "answers")
        .description("Questions to AliECS's core which environments exist, by outcome")
        .tag("outcome", answered ? "answered" : "failed")
        .register(meters);
  }

  /** The journal has taken what the stream had missed. */
  void reconciled(Reconciliation.Kind kind) {
    reconciliations(kind).increment();
  }

  private Counter reconciliations(Reconciliation.Kind kind) {
    return Counter.builder(PREFIX + "reconciled")
        .description("Environments of which the core knew what the event stream had not reported")
        .tag("kind", kind.name().toLowerCase(java.util.Locale.ROOT))
        .register(meters);
  }
}
