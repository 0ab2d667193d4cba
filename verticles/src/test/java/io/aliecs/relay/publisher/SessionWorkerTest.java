package io.aliecs.relay.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.aliecs.relay.kafka.ClientFailure;
import io.aliecs.relay.settings.KafkaClientProperties;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionWorkerTest {
  private final Vertx vertx = Vertx.vertx();
  private final SessionWorker worker =
      new SessionWorker(
          vertx,
          "relay-publisher",
          new ClientFailure(KafkaClientProperties.NONE, "relay"),
          Duration.ofMillis(200));

  @AfterEach
  void close() throws Exception {
    PublishingHost.get(vertx.close());
  }

  @Test
  void what_blocks_for_ever_is_given_up_and_the_next_is_done() throws Exception {
    Future<Void> stuck = worker.run(() -> new CountDownLatch(1).await());
    Future<Boolean> next = worker.call(() -> Thread.currentThread().isInterrupted());

    assertThat(PublishingHost.get(next)).isFalse();
    assertThat(stuck.cause()).hasMessageContaining("has the clock stepped back?");
  }

  @Test
  void what_is_done_in_time_is_not_disturbed_later() throws Exception {
    assertThat(PublishingHost.get(worker.call(() -> "done"))).isEqualTo("done");
    CountDownLatch never = new CountDownLatch(1);
    // Ends before its own limit and after that of the one before.
    assertThat(PublishingHost.get(worker.call(() -> never.await(150, TimeUnit.MILLISECONDS))))
        .isFalse();
  }

  @Test
  void a_failure_is_told_in_one_line() throws Exception {
    Future<Void> failing =
        worker.run(
            () -> {
              throw new IllegalStateException("broken (expected: whole)");
            });
    assertThat(PublishingHost.get(failing.otherwiseEmpty())).isNull();
    assertThat(failing.cause()).hasMessage("broken (expected: whole)");
  }
}
