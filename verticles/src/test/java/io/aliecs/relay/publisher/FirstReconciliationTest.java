package io.aliecs.relay.publisher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aliecs.relay.bus.BusAddresses;
import io.aliecs.relay.bus.FailureCode;
import io.aliecs.relay.bus.LocalRecords;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The core is asked once before the very first list, and holds it up for a bounded time only. */
@Tag("slow")
@ExtendWith(VertxExtension.class)
class FirstReconciliationTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Vertx vertx;
  private final AtomicInteger next = new AtomicInteger();
  private final BlockingQueue<Message<Object>> asked = new LinkedBlockingQueue<>();
  private FirstReconciliation first;

  @BeforeEach
  void begin(Vertx vertx) {
    this.vertx = vertx;
    first = new FirstReconciliation(vertx.eventBus(), next::incrementAndGet);
  }

  private void aCoreIsAsked() {
    vertx.eventBus().<Object>localConsumer(BusAddresses.RECONCILE_REQUEST, asked::add);
  }

  @Test
  void theListWaitsForTheAnswerAndTheCoreIsAskedOnce() throws Exception {
    aCoreIsAsked();
    assertThat(first.isOver()).isFalse();
    assertThat(first.isOver()).isFalse();
    Message<Object> question = asked.poll(60, TimeUnit.SECONDS);
    assertThat(next).hasValue(0);

    question.reply(null, LocalRecords.LOCAL);

    await().atMost(LIMIT).until(() -> next.get() == 1);
    assertThat(first.isOver()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void aCoreThatCannotBeComparedWithHoldsNothingUp() throws Exception {
    aCoreIsAsked();
    assertThat(first.isOver()).isFalse();
    asked.poll(60, TimeUnit.SECONDS).fail(FailureCode.NOT_READY.code(), "UNAVAILABLE");
    await().atMost(LIMIT).until(() -> next.get() == 1);
    assertThat(first.isOver()).isTrue();
  }

  @Test
  void whereNoCoreIsAskedNothingIsWaitedFor() {
    assertThat(first.isOver()).isFalse();
    await().atMost(Duration.ofSeconds(4)).until(() -> next.get() == 1);
    assertThat(first.isOver()).isTrue();
  }

  @Test
  void anAnswerThatNeverComesIsWaitedForOnlySoLong() {
    aCoreIsAsked();
    assertThat(first.isOver()).isFalse();
    await().during(Duration.ofSeconds(3)).atMost(LIMIT).until(() -> next.get() == 0);
    await().atMost(LIMIT).until(() -> next.get() == 1);
    assertThat(first.isOver()).isTrue();
    assertThat(asked).hasSize(1);
  }
}
