package io.aliecs.relay.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.domain.message.Topics;
import io.aliecs.relay.environment.EnvironmentVerticle;
import io.aliecs.relay.journal.JournalOptions;
import io.aliecs.relay.proto.kafka.ActiveRunsList;
import io.aliecs.relay.proto.kafka.EnvInfo;
import io.aliecs.relay.publisher.kafka.PublisherOptions;
import io.aliecs.relay.testkit.junit.SharedKafka;
import io.aliecs.relay.testkit.kafka.EmbeddedKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Journal and publisher together, on a real broker. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class PublisherVerticleTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @RegisterExtension static final SharedKafka kafka = new SharedKafka();

  @TempDir Path folder;
  private String broker;
  private Vertx vertx;
  private int events;

  @BeforeEach
  void start(Vertx vertx) throws Exception {
    this.vertx = vertx;
    broker = kafka.bootstrapServers();
    LocalRecords.register(vertx);
    startRelay();
  }

  @AfterEach
  void stopRelay() {
    for (String id : vertx.deploymentIDs()) {
      vertx.undeploy(id).await();
    }
  }

  private void startRelay() throws Exception {
    Clock clock = Clock.systemUTC();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    PublisherOptions options = TestOptions.publisher("relay-test", TestOptions.PLAIN);
    JournalOptions journal =
        TestOptions.journal(
            folder.resolve("journal"), "relay-1", Duration.ofMillis(150), 50, 1_000, 100_000_000);
    vertx.deployVerticle(new PublisherVerticle(options, false, meters, clock)).await();
    vertx
        .deployVerticle(
            new EnvironmentVerticle(
                journal, TestOptions.history(100, Duration.ofDays(7)), meters, clock))
        .await();
    await()
        .atMost(LIMIT)
        .ignoreExceptionsMatching(failed -> FailureCode.NOT_READY.is(failed))
        .until(() -> !state().journalId().isEmpty());
  }

  @Test
  void aLifeIsPublishedOnceInOrderWithItsLists() throws Exception {
    settings(true);
    publishing();
    life("env1", 100);
    drained();

    assertThat(messages())
        .containsExactly(
            "env_list.RUNNING []",
            "env_state.STANDBY env1 STANDBY",
            "env_list.RUNNING []",
            "env_leave_state.STANDBY env1 STANDBY",
            "env_state.DEPLOYED env1 DEPLOYED",
            "env_list.RUNNING []",
            "env_leave_state.DEPLOYED env1 DEPLOYED",
            "env_state.CONFIGURED env1 CONFIGURED",
            "env_list.RUNNING []",
            "before_start_activity env1 CONFIGURED 100",
            "env_leave_state.CONFIGURED env1 CONFIGURED",
            "env_state.RUNNING env1 RUNNING 100",
            "env_list.RUNNING [env1 RUNNING 100]",
            "env_leave_state.RUNNING env1 RUNNING 100",
            "env_state.CONFIGURED env1 CONFIGURED",
            "env_list.RUNNING []");
  }

  @Test
  void turnedOffNothingGoesOutAndTurnedOnTheListComesFirstAndNoRunIsHalf() throws Exception {
    settings(true);
    publishing();
    start("env0", 99);
    start("env1", 100);
    drained();
    int before = messages().size();

    settings(false);
    await().atMost(LIMIT).until(() -> status().state().equals("off"));
    step("env0", "LEAVING", "STOP_ACTIVITY", null);
    step("env0", "ENTERED", "STOP_ACTIVITY", null);
    start("env2", 101);
    start("env3", 102);
    step("env3", "ENTERED", "STOP_ACTIVITY", null);
    assertThat(messages()).hasSize(before);
    assertThat(state().running()).hasSize(2);

    settings(true);
    publishing();
    step("env1", "LEAVING", "STOP_ACTIVITY", null);
    step("env1", "ENTERED", "STOP_ACTIVITY", null);
    drained();
    assertThat(messages().subList(before, messages().size()))
        .containsExactly(
            "env_list.RUNNING [env1 RUNNING 100, env2 RUNNING 101]",
            "env_leave_state.RUNNING env0 RUNNING 99",
            "env_state.CONFIGURED env0 CONFIGURED",
            "before_start_activity env2 CONFIGURED 101",
            "env_state.RUNNING env2 RUNNING 101",
            "env_leave_state.RUNNING env1 RUNNING 100",
            "env_state.CONFIGURED env1 CONFIGURED",
            "env_list.RUNNING [env2 RUNNING 101]");
  }

  @Test
  void whatIsAcceptedWhileKafkaIsAwayGoesOutAfterwards() throws Exception {
    EmbeddedKafka own = EmbeddedKafka.start(folder.resolve("kafka"), 0);
    broker = own.bootstrapServers();
    settings(true);
    publishing();
    start("env1", 100);
    drained();
    int before = messages().size();
    own.close();

    step("env1", "LEAVING", "STOP_ACTIVITY", null);
    step("env1", "ENTERED", "STOP_ACTIVITY", null);
    assertThat(state().outbox().size()).isEqualTo(2);

    try (EmbeddedKafka again = EmbeddedKafka.start(folder.resolve("kafka"), own.port())) {
      drained();
      assertThat(messages().subList(before, messages().size()))
          .containsExactly(
              "env_leave_state.RUNNING env1 RUNNING 100",
              "env_state.CONFIGURED env1 CONFIGURED",
              "env_list.RUNNING []");
      stopRelay();
    }
  }

  @Test
  void aJournalRestoredFromAnOldCopyIsToldOfAndPublishesOn() throws Exception {
    settings(true);
    publishing();
    drained();
    stopRelay();
    Path copy = folder.resolve("copy");
    copy(folder.resolve("journal"), copy);
    startRelay();
    settings(true);
    publishing();
    start("env1", 100);
    drained();
    stopRelay();
    delete(folder.resolve("journal"));
    copy(copy, folder.resolve("journal"));

    startRelay();
    settings(true);
    await().atMost(LIMIT).until(() -> status().reason().contains("lacks changes that Kafka has"));
    assertThat(status().healthy()).isFalse();
    start("env2", 101);
    drained();
    assertThat(messages()).anyMatch(message -> message.contains("env_state.RUNNING env2"));
  }

  private static void copy(Path from, Path to) throws Exception {
    assertThat(new ProcessBuilder("cp", "-r", from.toString(), to.toString()).start().waitFor())
        .isZero();
  }

  private static void delete(Path folder) throws Exception {
    assertThat(new ProcessBuilder("rm", "-r", folder.toString()).start().waitFor()).isZero();
  }

  @Test
  void afterARestartTheFirstListHoldsTheActiveRunsAndNothingIsRepeated() throws Exception {
    settings(true);
    publishing();
    for (int i = 0; i < 20; i++) {
      start("env" + i, 100 + i);
    }
    drained();
    List<String> before = messages();

    stopRelay();
    startRelay();
    publishing();
    drained();
    List<String> after = messages();
    assertThat(after.subList(0, before.size())).isEqualTo(before);
    assertThat(after).hasSize(before.size() + 1);
    assertThat(after.get(before.size())).isEqualTo(before.get(before.size() - 1));
    assertThat(state().running()).hasSize(20);
  }

  @Test
  void recordsHaveKeyAndCloudEventsHeadersAndIdsAreUnique() throws Exception {
    settings(true);
    publishing();
    life("env1", 100);
    drained();
    List<ConsumerRecord<String, byte[]>> records = TopicReader.readAll(broker, "read_uncommitted");
    assertThat(records).extracting(r -> TopicReader.header(r, "ce_id")).doesNotHaveDuplicates();
    assertThat(records)
        .allSatisfy(
            r -> {
              boolean list = r.topic().equals(Topics.ACTIVE_RUNS);
              assertThat(r.key()).isEqualTo(list ? "active-runs" : "env1");
              assertThat(TopicReader.header(r, "ce_specversion")).isEqualTo("1.0");
              assertThat(TopicReader.header(r, "ce_type")).isEqualTo(r.topic());
              assertThat(TopicReader.header(r, "content-type")).isEqualTo("application/protobuf");
            });
  }

  @Test
  void aWrongEventIsRefusedWithWhatWasFoundAndExpectedAndHarmsNothing() throws Exception {
    JsonObject wrong =
        new JsonObject().put("eventId", "x").put("environmentId", "e").put("moment", "EXPLODED");
    assertThat(failure(wrong))
        .contains("REFUSED")
        .contains("moment: \"EXPLODED\"")
        .contains("expected: [CREATED");
    JsonObject unknown = event("nobody", "LEAVING").put("transition", "CONFIGURE");
    assertThat(failure(unknown)).contains(FailureCode.UNKNOWN_ENVIRONMENT.name());
    send(event("env1", "CREATED")).await();
    assertThat(failure(event("env1", "LEAVING").put("transition", "START_ACTIVITY")))
        .contains("while in STANDBY")
        .contains("START_ACTIVITY from [CONFIGURED]");
  }

  // The sender

  private void life(String id, long run) throws Exception {
    start(id, run);
    step(id, "LEAVING", "STOP_ACTIVITY", null);
    step(id, "ENTERED", "STOP_ACTIVITY", null);
  }

  private void start(String id, long run) throws Exception {
    send(event(id, "CREATED")
            .put("detectors", new JsonArray().add("TPC").add("ITS"))
            .put("runType", "PHYSICS")
            .put("kafkaEnabled", true))
        .await();
    for (String transition : List.of("DEPLOY", "CONFIGURE")) {
      step(id, "LEAVING", transition, null);
      step(id, "ENTERED", transition, null);
    }
    step(id, "BEFORE", "START_ACTIVITY", run);
    step(id, "LEAVING", "START_ACTIVITY", run);
    step(id, "ENTERED", "START_ACTIVITY", run);
  }

  private void step(String id, String moment, String transition, Long run) throws Exception {
    send(event(id, moment).put("transition", transition).put("runNumber", run)).await();
  }

  private JsonObject event(String id, String moment) {
    return new JsonObject()
        .put("eventId", "event-" + events++ + "-" + System.nanoTime())
        .put("environmentId", id)
        .put("moment", moment);
  }

  private Future<?> send(JsonObject event) {
    return vertx.eventBus().request(BusAddresses.ENVIRONMENT_TRANSITION, event);
  }

  private String failure(JsonObject event) {
    Future<?> sent = send(event);
    await().atMost(LIMIT).until(sent::isComplete);
    return sent.cause().getMessage();
  }

  private void settings(boolean on) {
    vertx
        .eventBus()
        .publish(
            BusAddresses.SETTINGS_CHANGED,
            new PublishingSettings(on, List.of(broker), true, 1, 1),
            LocalRecords.LOCAL);
  }

  private void publishing() {
    await().atMost(LIMIT).until(() -> status().state().equals("publishing"));
  }

  private void drained() {
    await().atMost(LIMIT).until(() -> state().outbox().size() == 0);
  }

  private ComponentStatus status() throws Exception {
    return vertx
        .eventBus()
        .<ComponentStatus>request(BusAddresses.PUBLISHER_STATUS, null, LocalRecords.LOCAL)
        .await()
        .body();
  }

  private RelayState state() throws Exception {
    return vertx
        .eventBus()
        .<HostState>request(BusAddresses.HOST_STATE, null, LocalRecords.LOCAL)
        .await()
        .body()
        .newest()
        .state();
  }

  // The reader

  private List<String> messages() throws Exception {
    List<String> lines = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : TopicReader.readAll(broker, "read_committed")) {
      lines.add(record.topic().replace("aliecs.", "") + " " + value(record));
    }
    return lines;
  }

  private static String value(ConsumerRecord<String, byte[]> record) throws Exception {
    if (record.topic().equals(Topics.ACTIVE_RUNS)) {
      ActiveRunsList list = ActiveRunsList.parseFrom(record.value());
      assertThat(list.getTimestamp()).isPositive();
      return Arrays.toString(
          list.getActiveRunsList().stream().map(PublisherVerticleTest::shown).toArray());
    }
    return shown(
        io.aliecs.relay.proto.kafka.NewStateNotification.parseFrom(record.value()).getEnvInfo());
  }

  private static String shown(EnvInfo info) {
    return info.getEnvironmentId()
        + " "
        + info.getState()
        + (info.hasRunNumber() ? " " + info.getRunNumber() : "");
  }
}
