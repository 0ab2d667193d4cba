package io.aliecs.relay.publisher.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.TestOptions;
import io.aliecs.relay.kafka.ClientFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class SessionWorkerTest {
  private SessionWorker worker;

  @BeforeEach
  void start(Vertx vertx) {
    worker =
        new SessionWorker(
            vertx,
            "relay-publisher",
            new ClientFailure(TestOptions.PLAIN, "relay"),
            Duration.ofMillis(200));
  }

  @Test
  void whatBlocksForEverIsGivenUpAndTheNextIsDone() throws Exception {
    Future<Void> stuck = worker.run(() -> new CountDownLatch(1).await());
    Future<Boolean> next = worker.call(() -> Thread.currentThread().isInterrupted());

    assertThat(next.await()).isFalse();
    assertThat(stuck.cause()).hasMessageContaining("has the clock stepped back?");
  }

  @Test
  void whatIsDoneInTimeIsNotDisturbedLater() throws Exception {
    assertThat(worker.call(() -> "done").await()).isEqualTo("done");
    CountDownLatch never = new CountDownLatch(1);
    // Ends before its own limit and after that of the one before.
    assertThat(worker.call(() -> never.await(150, TimeUnit.MILLISECONDS)).await()).isFalse();
  }

  @Test
  void aFailureIsToldInOneLine() throws Exception {
    Future<Void> failing =
        worker.run(
            () -> {
              throw new IllegalStateException("broken (expected: whole)");
            });
    assertThat(failing.otherwiseEmpty().await()).isNull();
    assertThat(failing.cause()).hasMessage("broken (expected: whole)");
  }
}
