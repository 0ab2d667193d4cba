package io.aliecs.relay.trace;

import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.Leadership;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.domain.Outbox;
import io.aliecs.relay.domain.aliecs.Trace;
import io.aliecs.relay.domain.environment.Environment;
import io.aliecs.relay.domain.environment.TimelineEntry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reports to a collector, on the host that leads, what each event did and when: from when it
 * happened to when it was safe, and from there to when its messages were in Kafka. Derives it from
 * the changes of the state alone, so that whatever becomes of it delays and breaks nothing else.
 */
public final class TraceVerticle extends VerticleBase {
  private static final long FLUSH_MS = 1_000;

  /** The most entries whose way to Kafka is followed at once. */
  private static final int MOST_FOLLOWED = 10_000;

  private final TraceOptions options;
  private final Counter sent;
  private final Counter dropped;
  private @Nullable SpanExporter exporter;
  private @Nullable StateChanged newest;
  private boolean leading;

  /** What is safe and not in Kafka yet, by the id of its entry. */
  private final TreeMap<Long, Followed> followed = new TreeMap<>();

  private record Followed(
      Trace trace, long safeAt, Map<String, String> about, List<String> topics) {}

  public TraceVerticle(TraceOptions options, MeterRegistry meters) {
    this.options = options;
    this.sent = meters.counter("relay.trace.spans");
    this.dropped = meters.counter("relay.trace.dropped");
  }

  @Override
  public Future<?> start() {
    SpanExporter open = new SpanExporter(vertx, options, sent, dropped);
    exporter = open;
    vertx.setPeriodic(FLUSH_MS, timer -> open.flush());
    return new JournalClient(vertx).follow(change -> observe(change, open), this::observe);
  }

  @Override
  public Future<?> stop() {
    return exporter == null ? Future.succeededFuture() : exporter.close();
  }

  private void observe(Leadership change) {
    leading = change.leading();
    if (!leading) {
      followed.clear();
    }
  }

  private void observe(StateChanged change, SpanExporter to) {
    StateChanged before = newest;
    newest = change;
    if (before == null || !leading) {
      return;
    }
    for (String id : change.environmentIds()) {
      Environment now = change.state().find(id);
      if (now != null) {
        now.stepsSince(before.state().find(id))
            .forEach(step -> safe(id, step, change.appliedAt(), to));
      }
    }
    delivered(change, to);
  }

  private void safe(String environmentId, TimelineEntry step, long safeAt, SpanExporter to) {
    Map<String, String> about = new HashMap<>();
    about.put("aliecs.environment", environmentId);
    about.put("aliecs.event", step.eventId());
    about.put("aliecs.moment", step.type().name());
    about.put("aliecs.state", step.state().name());
    if (step.transition() != null) {
      about.put("aliecs.transition", step.transition().name());
    }
    if (step.runNumber() != null) {
      about.put("aliecs.run", step.runNumber().toString());
    }
    Trace trace = Trace.of(step.eventId(), environmentId);
    long happenedAt = Math.min(step.timestamp(), safeAt); // by another clock
    to.add(
        new Span(
            trace.id(),
            trace.eventSpan(),
            "",
            "event",
            Span.CONSUMER,
            happenedAt,
            safeAt,
            about,
            ""));
    if (step.entryId() == 0) {
      return;
    }
    if (followed.size() < MOST_FOLLOWED) {
      followed.put(step.entryId(), new Followed(trace, safeAt, about, step.topics()));
    } else {
      dropped.increment();
    }
  }

  private void delivered(StateChanged change, SpanExporter to) {
    Outbox outbox = change.state().outbox();
    Map<Long, Followed> there = followed.headMap(outbox.deliveredId(), true);
    there.forEach((id, one) -> to.add(publish(one, change.appliedAt(), refused(outbox, id, one))));
    there.clear();
  }

  private static Span publish(Followed one, long deliveredAt, String failure) {
    return new Span(
        one.trace().id(),
        one.trace().publishSpan(),
        one.trace().eventSpan(),
        "publish",
        Span.PRODUCER,
        one.safeAt(),
        deliveredAt,
        one.about(),
        failure);
  }

  /** What Kafka refuses of it, with the reason; empty when it has all of it. */
  private static String refused(Outbox outbox, long entryId, Followed one) {
    return one.topics().stream()
        .map(topic -> outbox.parked(entryId, topic))
        .filter(Objects::nonNull)
        .map(message -> "parked: " + message.topic() + ": " + message.reason())
        .collect(Collectors.joining("; "));
  }
}
