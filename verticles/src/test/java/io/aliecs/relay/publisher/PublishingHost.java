package io.aliecs.relay.publisher;

import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.ParkedMessage;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Journal and publisher of one host with a bus of its own, as tests have several and end them, and
 * one who switches and sends to it. For one thread.
 */
public final class PublishingHost implements AutoCloseable {
  /** Events of tests have times of their own, which are to age no environment. */
  private static final Duration FOR_EVER = Duration.ofDays(36_500);

  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private int events;

  PublishingHost(Path folder) throws Exception {
    this(folder, TestOptions.PLAIN);
  }

  PublishingHost(Path folder, KafkaClientProperties clients) throws Exception {
    LocalRecords.register(vertx);
    Clock clock = Clock.systemUTC();
    PublisherOptions options = TestOptions.publisher("relay-switch", clients);
    JournalOptions journal =
        TestOptions.journal(
            folder, "relay-1", Duration.ofMillis(150), 10_000, 100_000, 100_000_000);
    vertx.deployVerticle(new PublisherVerticle(options, false, LOOK_EVERY, meters, clock)).await();
    vertx
        .deployVerticle(
            new EnvironmentVerticle(journal, TestOptions.history(100, FOR_EVER), meters, clock))
        .await();
    await()
        .atMost(LIMIT)
        .ignoreExceptionsMatching(failed -> FailureCode.NOT_READY.is(failed))
        .until(() -> !state().journalId().isEmpty());
  }

  /** Says what the config verticle would say; does not wait for what comes of it. */
  void say(boolean on, String broker) {
    vertx
        .eventBus()
        .publish(
            BusAddresses.SETTINGS_CHANGED,
            new PublishingSettings(on, List.of(broker), true, 1, 1),
            LocalRecords.LOCAL);
  }

  /** Says it and waits until the journal has it. */
  void settle(boolean on, String broker) {
    say(on, broker);
    awaitState(
        s ->
            s.settingsSince() != 0
                && s.settings().pluginEnabled() == on
                && s.settings().bootstrapServers().equals(List.of(broker)));
  }

  /** The value of a counter, 0 where there is none. */
  double counted(String name, String kind) {
    Counter counter = meters.find(name).tag("kind", kind).counter();
    return counter == null ? 0 : counter.count();
  }

  void awaitState(Predicate<RelayState> wanted) {
    await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(this::state, wanted);
  }

  void awaitStatus(Predicate<ComponentStatus> wanted) {
    await().atMost(LIMIT).pollInterval(Duration.ofMillis(5)).until(this::status, wanted);
  }

  void awaitPublishing() {
    awaitStatus(s -> s.state().equals("publishing"));
  }

  void awaitDrained() {
    awaitState(s -> s.outbox().size() == 0);
  }

  ComponentStatus status() throws Exception {
    return vertx
        .eventBus()
        .<ComponentStatus>request(BusAddresses.PUBLISHER_STATUS, null, LocalRecords.LOCAL)
        .await()
        .body();
  }

  RelayState state() throws Exception {
    return vertx
        .eventBus()
        .<HostState>request(BusAddresses.HOST_STATE, null, LocalRecords.LOCAL)
        .await()
        .body()
        .newest()
        .state();
  }

  /** The ten events of a life with one run, in order; the environment stays CONFIGURED. */
  List<JsonObject> life(String id, long run) {
    List<JsonObject> life = new ArrayList<>();
    life.add(
        event(id, "CREATED")
            .put("detectors", new JsonArray().add("TPC").add("ITS"))
            .put("runType", "PHYSICS")
            .put("kafkaEnabled", true));
    for (String transition : List.of("DEPLOY", "CONFIGURE", "START_ACTIVITY", "STOP_ACTIVITY")) {
      Long number = transition.endsWith("ACTIVITY") ? run : null;
      if (transition.equals("START_ACTIVITY")) {
        life.add(event(id, "BEFORE").put("transition", transition).put("runNumber", number));
      }
      life.add(event(id, "LEAVING").put("transition", transition).put("runNumber", number));
      life.add(event(id, "ENTERED").put("transition", transition).put("runNumber", number));
    }
    return life;
  }

  private JsonObject event(String id, String moment) {
    return new JsonObject()
        .put("eventId", "event-" + events++)
        .put("environmentId", id)
        .put("moment", moment);
  }

  /** Sends one event; the future ends when it is safe. */
  Future<?> send(JsonObject event) {
    return vertx.eventBus().request(BusAddresses.ENVIRONMENT_TRANSITION, event);
  }

  /** Asks for parked messages to be sent once more; ends when that is safe. */
  void resend(List<ParkedMessage.Key> keys) throws Exception {
    vertx
        .eventBus()
        .request(BusAddresses.JOURNAL_APPEND, new Command.Resent(keys, 1), LocalRecords.LOCAL)
        .await();
  }

  /** Asks for something to be published again; ends when that is safe. */
  void ask(String requestId, String environmentId) throws Exception {
    vertx
        .eventBus()
        .request(
            BusAddresses.JOURNAL_REQUEST,
            new Command.ResendRequested(requestId, environmentId, 1),
            LocalRecords.LOCAL)
        .await();
  }

  @Override
  public void close() throws Exception {
    for (String id : vertx.deploymentIDs()) {
      vertx.undeploy(id).await();
    }
    vertx.close().await();
  }
}
