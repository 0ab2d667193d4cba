package io.aliecs.relay.host.service;

import static java.util.Map.entry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Map;

/** The descriptions in {@code /metrics} of meters that are made where they count. */
final class MetricDescriptions implements MeterFilter {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          entry("relay.config.changes", "Settings that came into force"),
          entry("relay.config.read.failures", "Requests to Consul that failed"),
          entry("relay.config.reads", "Answers about a key that were usable"),
          entry("relay.config.refused", "Values that were refused"),
          entry("relay.events", "Events, from wherever, by what the journal made of them"),
          entry("relay.ingest.events", "Events of AliECS's stream that the journal has taken"),
          entry("relay.ingest.flaws", "Fields of events that were left out as they are not valid"),
          entry("relay.ingest.lost", "Records that Kafka deleted before they were read"),
          entry("relay.ingest.malformed", "Records that are no events of AliECS, passed over"),
          entry("relay.ingest.records", "Records of AliECS's stream that were read"),
          entry("relay.ingest.recreated", "Times that a topic of AliECS's stream was made anew"),
          entry("relay.ingest.refused", "Events of AliECS's stream that the journal refused"),
          entry("relay.ingest.retries", "Times that something failed and was tried again"),
          entry("relay.ingest.skipped", "Records of AliECS's stream that say nothing to follow"),
          entry("relay.ingest.unreadable", "Records that nobody can read, passed over"),
          entry("relay.publisher.delay", "Time from an event to its messages being in Kafka"),
          entry("relay.publisher.entries", "Changes of which Kafka has the messages"),
          entry("relay.publisher.failures", "Times that publishing failed and was tried again"),
          entry("relay.publisher.parked", "Messages that Kafka refused, put aside"),
          entry("relay.publisher.sessions", "Times that publishing started"),
          entry("relay.publisher.takeover", "Time that a step of taking over the publishing took"),
          entry("relay.publisher.transaction", "Time that a transaction took"),
          entry(
              "relay.publisher.unsettled",
              "Moves to other brokers while those before were silent: the last messages went once more"),
          entry("relay.trace.dropped", "Spans that the collector of traces did not get"),
          entry("relay.trace.spans", "Spans that the collector of traces has taken"));

  @Override
  public Meter.Id map(Meter.Id id) {
    String text = TEXTS.get(id.getName());
    return text == null
        ? id
        : new Meter.Id(
            id.getName(), Tags.of(id.getTagsAsIterable()), id.getBaseUnit(), text, id.getType());
  }
}
