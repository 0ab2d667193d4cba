package io.aliecs.relay.publisher;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.JournalClient;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Publishes what the journal holds: {@link PublishingLoop} on the bus of its host. */
public final class PublisherVerticle extends VerticleBase {
  /** How soon a broker that is gone is noticed while nothing is sent. */
  private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

  private final PublisherOptions options;
  private final boolean waitForHistory;
  private final Duration lookEvery;
  private final MeterRegistry meters;
  private final Clock clock;

  /** What {@link #start} has made. */
  private @Nullable PublishingLoop loop;

  /**
   * @param waitForHistory whether AliECS's stream is read: then publishing starts only when it is
   *     known from it which runs are active
   */
  public PublisherVerticle(
      PublisherOptions options, boolean waitForHistory, MeterRegistry meters, Clock clock) {
    this(options, waitForHistory, LOOK_EVERY, meters, clock);
  }

  PublisherVerticle(
      PublisherOptions options,
      boolean waitForHistory,
      Duration lookEvery,
      MeterRegistry meters,
      Clock clock) {
    this.options = options;
    this.waitForHistory = waitForHistory;
    this.lookEvery = lookEvery;
    this.meters = meters;
    this.clock = clock;
  }

  @Override
  public Future<?> start() {
    JournalClient journal = new JournalClient(vertx);
    PublishingLoop started =
        new PublishingLoop(vertx, options, waitForHistory, lookEvery, journal, meters, clock);
    loop = started;
    vertx
        .eventBus()
        .localConsumer(
            BusAddresses.PUBLISHER_STATUS,
            message -> message.reply(started.status(), LocalRecords.LOCAL));
    return journal.follow(started::observe, started::observe);
  }

  @Override
  public Future<?> stop() {
    return loop == null ? Future.succeededFuture() : loop.stop();
  }
}
