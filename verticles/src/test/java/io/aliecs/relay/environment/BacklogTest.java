package io.aliecs.relay.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.message.PublishingSettings;
import io.aliecs.relay.journal.JournalOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Nothing takes what waits for Kafka: at a bound new events are refused, and none is dropped. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class BacklogTest {
  @TempDir Path folder;
  private Vertx vertx;
  private int events;

  private void start(int limit, long bytes) throws Exception {
    LocalRecords.register(vertx);
    JournalOptions options =
        TestOptions.journal(folder, "relay-1", Duration.ofMillis(150), 10_000, limit, bytes);
    vertx
        .deployVerticle(
            new EnvironmentVerticle(
                options,
                TestOptions.history(100, Duration.ofDays(7)),
                new SimpleMeterRegistry(),
                Clock.systemUTC()))
        .await();
    await().atMost(Duration.ofSeconds(60)).until(() -> status().state().equals("leading"));
    append(
        new Command.SettingsChanged(
            new PublishingSettings(true, List.of("127.0.0.1:1"), true, 1, 1), 1));
  }

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
  }

  private ComponentStatus status() throws Exception {
    return vertx
        .eventBus()
        .<ComponentStatus>request(BusAddresses.JOURNAL_STATUS, null, LocalRecords.LOCAL)
        .await()
        .body();
  }

  private int waiting() throws Exception {
    return vertx
        .eventBus()
        .<HostState>request(BusAddresses.HOST_STATE, null, LocalRecords.LOCAL)
        .await()
        .body()
        .newest()
        .state()
        .outbox()
        .size();
  }

  private void append(Command command) throws Exception {
    vertx.eventBus().request(BusAddresses.JOURNAL_APPEND, command, LocalRecords.LOCAL).await();
  }

  /** Sends the creation of another environment; how it was refused, or null. */
  private Throwable create() throws Exception {
    JsonObject created =
        new JsonObject()
            .put("eventId", "event-" + ++events)
            .put("environmentId", "env" + events)
            .put("moment", "CREATED");
    Future<?> sent = vertx.eventBus().request(BusAddresses.ENVIRONMENT_TRANSITION, created);
    sent.transform(done -> Future.succeededFuture()).await();
    return sent.cause();
  }

  private void assertRefusesBehind(int accepted, String setting) throws Exception {
    for (int i = 0; i < accepted; i++) {
      assertThat(create()).as("event %s", i).isNull();
    }
    Throwable refusal = create();
    assertThat(FailureCode.BACKLOG_FULL.is(refusal)).as("%s", refusal).isTrue();
    assertThat(refusal).hasMessageContaining(setting);
    assertThat(status().healthy()).isFalse();
    assertThat(status().state()).isEqualTo("full");
    assertThat(status().reason()).contains("wait for Kafka", setting);
    assertThat(waiting()).isEqualTo(accepted);

    append(new Command.Delivered(1));
    assertThat(status().state()).isEqualTo("leading");
    assertThat(create()).isNull();
  }

  @Test
  void atTheBoundInChangesNewEventsAreRefusedUntilKafkaTakesSome() throws Exception {
    start(5, 1_000_000);
    assertRefusesBehind(5, "journal.backlog-limit");
  }

  @Test
  void atTheBoundInBytesNewEventsAreRefusedUntilKafkaTakesSome() throws Exception {
    start(1_000, 1_000);
    assertRefusesBehind(2, "journal.backlog-bytes");
  }

  @Test
  void whileNothingIsPublishedAFullBacklogRefusesNothing() throws Exception {
    start(2, 1_000_000);
    create();
    create();
    assertThat(FailureCode.BACKLOG_FULL.is(create())).isTrue();

    append(
        new Command.SettingsChanged(
            new PublishingSettings(false, List.of("127.0.0.1:1"), true, 2, 1), 2));

    assertThat(create()).isNull();
    assertThat(status().state()).isEqualTo("leading");
    assertThat(waiting()).isEqualTo(2);
  }
}
