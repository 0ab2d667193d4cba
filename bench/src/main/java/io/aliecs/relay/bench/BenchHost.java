package io.aliecs.relay.bench;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.dev.FreePort;
import io.aliecs.relay.domain.PublishingSettings;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.publisher.PublisherVerticle;
import io.aliecs.relay.settings.HistoryOptions;
import io.aliecs.relay.settings.JournalOptions;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.aliecs.relay.settings.PublisherOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Journal and publisher of one host as in production, and a sender on its event bus. */
final class BenchHost implements AutoCloseable {
  private static final long PATIENCE_S = 120;

  private final Vertx vertx = Vertx.vertx();

  private BenchHost() {}

  /** Starts it and waits until it publishes. */
  static BenchHost start(Path journal, String bootstrapServers) throws Exception {
    BenchHost host = new BenchHost();
    host.deploy(journal);
    host.await("leads", state -> !state.journalId().isEmpty());
    host.vertx
        .eventBus()
        .publish(
            BusAddresses.SETTINGS_CHANGED,
            new PublishingSettings(true, List.of(bootstrapServers), true, 1, 1),
            LocalRecords.LOCAL);
    host.await("publishes", state -> state.epoch() > 0 && state.outbox().size() == 0);
    return host;
  }

  private void deploy(Path journal) throws Exception {
    LocalRecords.register(vertx);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    PublisherOptions publisher =
        new PublisherOptions(
            "bench", 1, (short) 1, 1, false, Duration.ofSeconds(2), KafkaClientProperties.NONE);
    JournalOptions options =
        new JournalOptions(
            journal,
            "bench",
            "127.0.0.1",
            FreePort.find(),
            Duration.ofMillis(1_000),
            Duration.ofMillis(2_000),
            10_000,
            1_000_000,
            256L * 1024 * 1024);
    get(vertx.deployVerticle(new PublisherVerticle(publisher, false, meters, Clock.systemUTC())));
    get(
        vertx.deployVerticle(
            new EnvironmentVerticle(
                options, new HistoryOptions(100, Duration.ofDays(7)), meters, Clock.systemUTC())));
  }

  /** Sends an event; ends when it is safe. Any thread. */
  Future<?> send(JsonObject event) {
    return vertx.eventBus().request(BusAddresses.ENVIRONMENT_TRANSITION, event);
  }

  RelayState state() throws Exception {
    return get(vertx
            .eventBus()
            .<StateChanged>request(BusAddresses.ENVIRONMENT_STATE, null, LocalRecords.LOCAL))
        .body()
        .state();
  }

  /** Waits until Kafka has everything. */
  void awaitDrained() throws Exception {
    await("drained", state -> state.outbox().size() == 0);
  }

  private void await(String what, Predicate<RelayState> wanted) throws Exception {
    long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (!isReached(wanted)) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException("not after " + PATIENCE_S + " s (expected: " + what + ")");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

  private boolean isReached(Predicate<RelayState> wanted) throws Exception {
    try {
      return wanted.test(state());
    } catch (java.util.concurrent.ExecutionException failed) {
      Throwable cause = failed.getCause();
      if (cause != null && FailureCode.NOT_READY.is(cause)) {
        return false;
      }
      throw failed;
    }
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(PATIENCE_S, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
