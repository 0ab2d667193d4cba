package io.aliecs.relay.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.HostState;
import io.aliecs.relay.bus.LocalRecords;
import io.aliecs.relay.bus.StateChanged;
import io.aliecs.relay.bus.status.ComponentStatus;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.journal.JournalOptions;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A host that comes back tells nothing until it knows all that it knew. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class ReplayTest {
  private static final int ENVIRONMENTS = 300;

  @TempDir Path folder;
  private Vertx vertx;
  private final List<StateChanged> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void listen(Vertx vertx) {
    this.vertx = vertx;
    LocalRecords.register(vertx);
    vertx
        .eventBus()
        .<StateChanged>localConsumer(
            BusAddresses.ENVIRONMENT_CHANGED, message -> told.add(message.body()));
  }

  @Test
  void aStateThatIsBeingReplayedIsNeitherToldNorGiven() throws Exception {
    String first = deploy();
    awaitLeading();
    for (int i = 0; i < ENVIRONMENTS; i++) {
      create("env-" + i);
    }
    vertx.undeploy(first).await();
    told.clear();

    Future<String> starting = vertx.deployVerticle(verticle());
    await().atMost(Duration.ofSeconds(60)).until(() -> tellsAll() && starting.isComplete());

    assertThat(told)
        .isNotEmpty()
        .allSatisfy(each -> assertThat(size(each)).isEqualTo(ENVIRONMENTS));
  }

  /** Asks; until it tells all it must not tell anything. */
  private boolean tellsAll() throws Exception {
    Future<StateChanged> asked = ask();
    asked.transform(done -> Future.succeededFuture()).await();
    if (asked.succeeded()) {
      assertThat(size(asked.result())).isEqualTo(ENVIRONMENTS);
    }
    return asked.succeeded();
  }

  private void awaitLeading() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                vertx
                    .eventBus()
                    .<ComponentStatus>request(BusAddresses.JOURNAL_STATUS, null, LocalRecords.LOCAL)
                    .await()
                    .body()
                    .state()
                    .equals("leading"));
  }

  private Future<StateChanged> ask() {
    return vertx
        .eventBus()
        .<HostState>request(BusAddresses.HOST_STATE, null, LocalRecords.LOCAL)
        .map(reply -> reply.body().newest());
  }

  private static int size(StateChanged changed) {
    return changed.state().environments().size();
  }

  private void create(String id) throws Exception {
    EnvironmentEvent event =
        EnvironmentEvent.builder(id, EventType.CREATED, 1_000).eventId(id + "-created").build();
    vertx
        .eventBus()
        .request(BusAddresses.ENVIRONMENT_TRANSITION, event, LocalRecords.LOCAL)
        .await();
  }

  private String deploy() throws Exception {
    return vertx.deployVerticle(verticle()).await();
  }

  private EnvironmentVerticle verticle() {
    JournalOptions options =
        TestOptions.journal(folder, "relay-1", Duration.ofMillis(150), 10_000, 1_000, 10_000_000);
    return new EnvironmentVerticle(
        options,
        TestOptions.history(100, Duration.ofDays(7)),
        new SimpleMeterRegistry(),
        Clock.systemUTC());
  }
}
