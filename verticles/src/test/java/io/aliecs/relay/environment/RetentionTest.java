package io.aliecs.relay.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.domain.RelayState;
import io.aliecs.relay.domain.aliecs.EventType;
import io.aliecs.relay.domain.command.Command;
import io.aliecs.relay.domain.command.EnvironmentEvent;
import io.aliecs.relay.domain.command.Verdict;
import io.aliecs.relay.domain.environment.Environment;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("slow")
@ExtendWith(VertxExtension.class)
class RetentionTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long NOW = 1_000_000;

  private Vertx vertx;
  private final AtomicReference<RelayState> state = new AtomicReference<>(RelayState.EMPTY);
  private final AtomicBoolean leading = new AtomicBoolean(true);

  @BeforeEach
  void take(Vertx vertx) {
    this.vertx = vertx;
  }

  @Test
  void onlyTheNewestAreKeptAndNoneThatIsTooOld() {
    end("old", NOW - 60_001);
    end("young", NOW - 60_000);
    end("younger", NOW - 10);
    keep(2, Duration.ofMinutes(1));
    await().atMost(LIMIT).until(() -> kept().equals(List.of("young", "younger")));
    assertThat(state.get().endedLimit()).isEqualTo(2);

    end("youngest", NOW);
    assertThat(kept()).containsExactly("younger", "youngest");
  }

  @Test
  void aHostThatDoesNotLeadLeavesItToTheLeader() {
    leading.set(false);
    end("old", 1);
    keep(2, Duration.ofMinutes(1));
    await()
        .during(Duration.ofMillis(1_500))
        .atMost(LIMIT)
        .until(() -> kept().equals(List.of("old")));

    leading.set(true);
    await().atMost(LIMIT).until(() -> kept().isEmpty());
  }

  private void keep(int environments, Duration age) {
    new Retention(
            vertx,
            TestOptions.history(environments, age),
            Clock.fixed(Instant.ofEpochMilli(NOW), ZoneOffset.UTC),
            new LeaderDuty(leading::get, state::get, this::append))
        .start();
  }

  private void end(String id, long time) {
    apply(EnvironmentEvent.builder(id, EventType.CREATED, time).eventId(id + "-1").build());
    apply(EnvironmentEvent.builder(id, EventType.DESTROYED, time).eventId(id + "-2").build());
  }

  private Future<?> append(Command command) {
    apply(command);
    return Future.succeededFuture();
  }

  private void apply(Command command) {
    RelayState.Applied applied = state.get().apply(command);
    assertThat(applied.verdict()).as(applied.reason()).isEqualTo(Verdict.APPLIED);
    state.set(applied.state());
  }

  private List<String> kept() {
    return state.get().ended().stream().map(Environment::id).toList();
  }
}
